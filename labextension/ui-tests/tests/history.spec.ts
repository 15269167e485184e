import { expect, test } from '../src/fixtures';
import { openNotebook, runCell } from '../src/lab';
import { Panel, toast } from '../src/panel';
import { CLIMATE } from '../src/server';

test('the history keeps what was there: it is opened and copied', async ({
  page,
  server,
  repository
}) => {
  const panel = new Panel(page);
  server.offerWheel('xskillscore', '0.0.26');
  const notebook = repository.notebook('forecast.ipynb', CLIMATE, [
    '%pip install xskillscore'
  ]);
  await openNotebook(page, server, notebook);
  await panel.toolbarButton.click();
  await expect(toast(page, 'Snapshot kept')).toBeVisible();
  await runCell(page, 0);
  await panel.snapshot.click();
  await expect(panel.title('climate')).toBeVisible();

  await panel.tab('History').click();
  const mine = panel.rows.filter({ hasText: 'Snapshot by you' });
  await expect(mine).toHaveCount(2);
  const oldest = mine.last();
  await oldest.getByRole('button', { expanded: false }).click();
  await oldest.getByRole('button', { name: 'Copy' }).click();
  await expect.poll(() => panel.clipboard()).toContain('name: climate');
  const kept = await panel.clipboard();
  expect(kept).toContain('climate-tools=1.2.0');
  expect(kept).not.toContain('xskillscore');

  await oldest.getByRole('button', { name: 'Open' }).click();
  await panel.search.fill('xskillscore');
  await expect(panel.line('xskillscore')).toHaveCount(0);
});
