/** What is needed only once somebody looks or acts: loaded in one piece, when it is first wanted. */
export { changesOf } from './changes';
export { chooseDialog } from './choosedialog';
export { Choosing } from './choosing';
export { PanelView } from './components/PanelView';
export { identityDialog } from './identitydialog';
export { markdownOf } from './markdown';
export { saveDialog } from './savedialog';
export { Saving } from './saving';
