import type { Contents, IContentProvider } from '@jupyterlab/services';
import { FileNews } from '../../src/filenews';

/** The page around: a drive that forwards what its providers tell, and an editor. */
function setUp(model: { dirty: boolean; collaborative?: boolean } | null) {
  const told: Contents.IChangedArgs[] = [];
  const revert = jest.fn(() => Promise.resolve());
  const drive = {
    contentProviderRegistry: {
      register: (_: string, { fileChanged }: IContentProvider) => {
        fileChanged?.connect((_provider, change) => {
          told.push(change);
        });
      }
    }
  } as unknown as Contents.IDrive;
  const widget = model && { model };
  const opened = {
    findWidget: (path: string) => (path === 'a/environment.yml' ? widget : undefined),
    contextForWidget: () => ({ model, revert })
  } as unknown as ConstructorParameters<typeof FileNews>[2];
  const get = jest.fn((path: string) => Promise.resolve({ path } as Contents.IModel));
  return { news: new FileNews({ get }, drive, opened), told, revert, get };
}

it('tells whoever follows the contents manager, such as the view of git', async () => {
  const { news, told, get } = setUp(null);
  await news.tell('a/environment.yml');
  expect(told).toEqual([
    { type: 'save', oldValue: null, newValue: { path: 'a/environment.yml' } }
  ]);
  expect(get).toHaveBeenCalledWith('a/environment.yml', { content: false });
});

it('lets an editor show the new text', async () => {
  const { news, revert } = setUp({ dirty: false });
  await news.tell('a/other.yml');
  expect(revert).not.toHaveBeenCalled();
  await news.tell('a/environment.yml');
  expect(revert).toHaveBeenCalledTimes(1);
});

it.each([{ dirty: true }, { dirty: false, collaborative: true }])(
  'leaves an editor alone that is %j',
  async model => {
    const { news, told, revert } = setUp(model);
    await news.tell('a/environment.yml');
    expect(revert).not.toHaveBeenCalled();
    expect(told).toHaveLength(1);
  }
);

it('does without a drive and without documents', async () => {
  const news = new FileNews(
    { get: path => Promise.resolve({ path } as Contents.IModel) },
    null,
    null
  );
  await expect(news.tell('environment.yml')).resolves.toBeUndefined();
});

it('tells it also where an editor cannot read the new text', async () => {
  const { news, told, revert } = setUp({ dirty: false });
  revert.mockRejectedValue(new Error('Invalid response: 404 Not Found'));
  await news.tell('a/environment.yml');
  expect(told).toHaveLength(1);
});

it('makes no failure of a save of what cannot be told', async () => {
  const { news, told, get } = setUp(null);
  get.mockRejectedValue(new Error('Invalid response: 404 Not Found'));
  await expect(news.tell('a/environment.yml')).resolves.toBeUndefined();
  expect(told).toEqual([]);
});

it('saves nothing itself', async () => {
  await expect(setUp(null).news.save()).rejects.toThrow('by itself');
});
