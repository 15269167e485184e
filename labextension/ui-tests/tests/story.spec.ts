import { test } from '../src/fixtures';
import { story } from '../src/story';

test('a notebook’s environment is seen, changed, and committed alone', story);
