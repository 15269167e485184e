import React, { useMemo, useState } from 'react';
import { lineOf, shapeOf } from '../lines';
import { changeMarks, NO_MARKS, withLocal } from '../marks';
import { findingsOf, type IReading, type IWritten } from '../state';
import { clock } from '../time';
import { CommandIDs } from '../tokens';
import type * as wire from '../wire';
import { toggled } from '../writing';
import { Findings } from './Findings';
import { Message } from './Message';
import type { IPanelProps } from './PanelView';
import { Surroundings } from './Surroundings';
import { TextView, type IReveal } from './TextView';
import { Menu } from './Menu';

/** The environment as it is: what to know of it, its text, and what is around it. */
export function NowView(props: IPanelProps & { reading: IReading }): React.JSX.Element {
  const { trans, reading, writing, since, onRun } = props;
  const { document, environment } = reading;
  const [reveal, setReveal] = useState<IReveal | null>(null);
  const lines = useMemo(() => linesOf(document), [document]);
  const findings = useMemo(() => findingsOf(reading), [reading]);
  const place = useMemo(
    () => (document.kind === 'written' ? placeIn(document, lines) : () => null),
    [document, lines]
  );
  const marks = useMemo(() => {
    const changes =
      since && document.kind === 'written'
        ? changeMarks(trans, document, since.changes)
        : NO_MARKS;
    const local = findings.filter(({ code }) => LOCAL.includes(code)).map(place);
    return withLocal(changes, local, trans.__('only on this machine'));
  }, [document, findings, place, since, trans]);
  const entries = useMemo(() => byLine(document), [document]);
  const menu = <Menu {...props} />;
  return (
    <>
      <Findings
        trans={trans}
        findings={findings}
        reading={reading}
        lineOf={place}
        onShowLine={line => {
          setReveal({ line });
        }}
        onCopy={props.onCopy}
        onReadAgain={() => {
          onRun(CommandIDs.refresh);
        }}
        onRestart={() => {
          onRun(CommandIDs.restartKernel);
        }}
        onChoose={() => {
          onRun(CommandIDs.chooseEnvironment);
        }}
        onClone={name => {
          onRun(CommandIDs.save, { git: name });
        }}
        onInclude={name => {
          if (writing) {
            const { omission } = writing;
            props.onOmission({ ...omission, exclude: toggled(omission.exclude, name) });
          }
        }}
      />
      {document.kind === 'written' ? (
        <TextView
          trans={trans}
          lines={lines}
          shape={shapeOf(document.format.name)}
          filename={document.format.filename}
          menu={menu}
          marks={marks}
          entries={entries}
          reveal={reveal}
          about={<Surroundings trans={trans} environment={environment} />}
          dated={trans.__('Read at %1', clock(reading.readAt))}
        />
      ) : (
        <>
          <div className="jp-EnvSnap-docbar">{menu}</div>
          <p className="jp-EnvSnap-refused" role="status">
            <Message text={document.refusal.message} />
          </p>
        </>
      )}
    </>
  );
}

function linesOf(document: IReading['document']): readonly string[] {
  return document.kind === 'written' ? document.text.replace(/\n$/, '').split('\n') : [];
}

function byLine(document: IReading['document']): ReadonlyMap<number, wire.Entry> {
  const entries = document.kind === 'written' ? document.outline.entries : [];
  return new Map(entries.map(entry => [entry.line - 1, entry]));
}

/** Which line (from 0) a finding is about. What stands twice is in use from the pip section. */
function placeIn({ outline }: IWritten, lines: readonly string[]) {
  const known = new Map(outline.entries.map(({ name, line }) => [name, line - 1]));
  return ({ package: name }: wire.Finding): number | null =>
    name ? (known.get(name) ?? lineOf(lines, name)) : null;
}

/** What names something that lies only on this machine. */
const LOCAL: readonly string[] = ['editable-install', 'local-source'];
