/** What is drawn only once somebody looks: loaded in one piece, when it is first wanted. */
export { chooseDialog } from './choosedialog';
export { PanelView } from './components/PanelView';
export { identityDialog } from './identitydialog';
export { saveDialog } from './savedialog';
