import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';
import type * as wire from '../wire';
import { Icon } from './Icon';

interface ISurroundingsProps {
  trans: TranslationBundle;
  environment: wire.Environment;
}

/** Around the packages: platform, machine, pins and indexes, for whom that interests. */
export function Surroundings({ trans, environment }: ISurroundingsProps) {
  return (
    <details className="jp-EnvSnap-about">
      <summary className="jp-EnvSnap-rowFocus">
        <Icon name="right" tone="turn" />
        <span>{trans.__('About this environment')}</span>
        <span className="jp-EnvSnap-quiet">{environment.platform}</span>
      </summary>
      {/* What scrolls takes the focus, so that arrows reach it. */}
      <div
        className="jp-EnvSnap-aboutFacts jp-EnvSnap-rowFocus"
        role="region"
        aria-label={trans.__('About this environment')}
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
      >
        <dl className="jp-EnvSnap-facts2">
          {facts(trans, environment).map(([term, values]) => (
            <React.Fragment key={term}>
              <dt>{term}</dt>
              {values.map(value => (
                <dd key={value} className="jp-EnvSnap-code">
                  {value}
                </dd>
              ))}
            </React.Fragment>
          ))}
        </dl>
      </div>
    </details>
  );
}

type Fact = readonly [term: string, values: readonly string[]];

function facts(trans: TranslationBundle, environment: wire.Environment): readonly Fact[] {
  const { machine, indexes, virtual_packages: virtual = [] } = environment;
  const all: readonly Fact[] = [
    [trans.__('Platform'), [environment.platform]],
    [trans.__('Channels'), environment.channels ?? []],
    [trans.__('System'), virtual.map(virtualWords)],
    [trans.__('GPU driver'), some(machine?.driver)],
    [trans.__('Image'), some(machine?.image)],
    [trans.__('Pins'), environment.pins ?? []],
    [trans.__('Package index'), some(indexes?.index_url)],
    [trans.__('More indexes'), indexes?.extra ?? []],
    [trans.__('Wheels from'), indexes?.find_links ?? []],
    [trans.__('Variables'), Object.keys(environment.variables ?? {})]
  ];
  return all.filter(([, values]) => values.length > 0);
}

/** Without the build where it says nothing. */
function virtualWords({ name, version, build }: wire.VirtualPackage): string {
  return build === '' || build === '0'
    ? `${name} ${version}`
    : `${name} ${version} ${build}`;
}

function some(value: string | null | undefined): readonly string[] {
  return value ? [value] : [];
}
