import React from 'react';
import type { IPanelProps } from './PanelView';
import { WritingMenu } from './WritingMenu';

/** The panel's choice of how the text is written; nothing until there is a choice. */
export function Menu(props: IPanelProps & { kept?: boolean }): React.JSX.Element | null {
  const { trans, writing, kept } = props;
  return (
    writing && (
      <WritingMenu
        trans={trans}
        {...writing}
        profile={kept ? writing.keptProfile : writing.profile}
        kept={kept}
        onFormat={props.onFormat}
        onProfile={props.onProfile}
        onOmission={props.onOmission}
      />
    )
  );
}
