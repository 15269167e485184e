import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a climate scientist's environment has, so that a picture looks like one. */
const PACKAGES = `
_libgcc_mutex=0.1 _openmp_mutex=4.5 attrs=24.2.0 bokeh=3.5.2 brotli=1.1.0 bzip2=1.0.8 c-ares=1.34.2
ca-certificates=2024.8.30 cartopy=0.24.0 certifi=2024.8.30 cftime=1.6.4 cloudpickle=3.1.0
contourpy=1.3.0 cycler=0.12.1 dask-core=2024.10.0 eccodes=2.38.3 esmpy=8.7.0 fonttools=4.54.1
freetype=2.12.1 fsspec=2024.10.0 geos=3.13.0 hdf4=4.2.15 hdf5=1.14.3 icu=75.1 jinja2=3.1.4
kiwisolver=1.4.7 lcms2=2.16 libblas=3.9.0 libcblas=3.9.0 libcurl=8.10.1 libdeflate=1.22
libffi=3.4.2 libgcc=14.2.0 libgfortran=14.2.0 libjpeg-turbo=3.0.0 liblapack=3.9.0
libnetcdf=4.9.2 libopenblas=0.3.28 libpng=1.6.44 libsqlite=3.47.0 libstdcxx=14.2.0 libtiff=4.7.0
libzlib=1.3.1 locket=1.0.0 markupsafe=3.0.2 matplotlib-base=3.9.2 metpy=1.6.3 munkres=1.1.4
ncurses=6.5 netcdf4=1.7.2 numpy=2.1.2 openjpeg=2.5.2 openssl=3.3.2 pandas=2.2.3 partd=1.4.2
pillow=11.0.0 pint=0.24.3 pooch=1.8.2 proj=9.5.0 pyproj=3.7.0 pyshp=2.3.1 pytz=2024.2 pyyaml=6.0.2
qhull=2020.2 readline=8.2 regionmask=0.13.0 requests=2.32.3 scipy=1.14.1 shapely=2.0.6 six=1.16.0
tk=8.6.13 toolz=1.0.0 tzdata=2024b udunits2=2.2.28 urllib3=2.2.3 xarray=2024.7.0
xesmf=0.8.7 xz=5.2.6 yaml=0.2.5 zarr=2.18.3 zlib=1.3.1 zstd=1.5.6
`
  .trim()
  .split(/\s+/)
  .map(entry => entry.split('='));

/** What of it somebody asked for; the first of them brings all the rest. */
const ASKED = [
  'numpy',
  'cartopy',
  'matplotlib-base',
  'metpy',
  'pandas',
  'xarray',
  'zarr'
];
const PULLED_IN = PACKAGES.flatMap(([name = '']) => (ASKED.includes(name) ? [] : [name]));

/** Records of packages that are not there, and one channel that everything came from. */
export function dressUp(prefix: string): void {
  const folder = join(prefix, 'conda-meta');
  for (const name of readdirSync(folder).filter(entry => entry.endsWith('.json'))) {
    const path = join(folder, name);
    const record = JSON.parse(readFileSync(path, 'utf-8')) as Record<string, unknown>;
    writeFileSync(path, JSON.stringify({ ...record, channel: 'conda-forge', url: '' }));
  }
  for (const [name = '', version = ''] of PACKAGES) {
    write(folder, name, version);
  }
}

/** As after `conda update`: another version, the rest as it was. */
export function update(prefix: string, name: string, from: string, to: string): void {
  const folder = join(prefix, 'conda-meta');
  rmSync(join(folder, `${name}-${from}-0.json`));
  write(folder, name, to);
}

/** Records of so many packages more, of this version; what takes them away again. */
export function fill(prefix: string, count: number, version: string): () => void {
  const folder = join(prefix, 'conda-meta');
  const names = Array.from({ length: count }, (_, index) => `many-${index}`);
  for (const name of names) {
    write(folder, name, version);
  }
  return () => {
    for (const name of names) {
      rmSync(join(folder, `${name}-${version}-0.json`));
    }
  };
}

function write(folder: string, name: string, version: string): void {
  const stem = `${name}-${version}-0`;
  const record = {
    name,
    version,
    build: '0',
    build_number: 0,
    channel: 'conda-forge',
    subdir: 'linux-64',
    fn: `${stem}.conda`,
    url: '',
    depends: name === ASKED[0] ? PULLED_IN : [],
    files: [],
    ...(ASKED.includes(name) ? { requested_spec: name } : {})
  };
  writeFileSync(join(folder, `${stem}.json`), JSON.stringify(record));
}
