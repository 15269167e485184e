import './base.css';
import './panel.css';
import './history.css';
import './dialog.css';
import './responsive.css';
