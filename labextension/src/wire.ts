// Made from jupyter_envsnap/server/openapi.json by `npm run wire` in checks/. Do not edit.
export interface paths {
    "/envsnap/kernels": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Each running kernel: its prefix, how it was found, its fingerprint. */
        get: operations["listKernels"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/envsnap/kernels/{id}/environment": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What is installed in the kernel's environment. */
        get: operations["readEnvironment"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/envsnap/kernels/{id}/document": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The kernel's environment, written in a format. */
        get: operations["writeDocument"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/envsnap/kernels/{id}/outline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Which package each line of that document is about, and why it is there. */
        get: operations["readOutline"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/envsnap/kernels/{id}/drift": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the environment has become since its file and its last snapshot. */
        get: operations["readDrift"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/envsnap/kernels/{id}/prefix": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Take another environment for the kernel's, among those that the server found. */
        put: operations["choosePrefix"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/envsnap/kernels/{id}/ask": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ask the idle kernel itself, without a trace in it, where it runs. */
        post: operations["askKernel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/envsnap/prefixes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The environments that the server found, whatever runs in them. */
        get: operations["listPrefixes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/envsnap/formats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The formats and their profiles. */
        get: operations["listFormats"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/envsnap/snapshots": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The history, newest first. */
        get: operations["listSnapshots"];
        put?: never;
        /** Keep the kernel's environment. */
        post: operations["takeSnapshot"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/envsnap/snapshots/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A snapshot and its environment. */
        get: operations["readSnapshot"];
        put?: never;
        post?: never;
        /** Forget a snapshot. */
        delete: operations["deleteSnapshot"];
        options?: never;
        head?: never;
        /** Give a snapshot another note, or none. */
        patch: operations["annotateSnapshot"];
        trace?: never;
    };
    "/envsnap/snapshots/{id}/document": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A snapshot's environment, written in a format. */
        get: operations["writeSnapshotDocument"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/envsnap/diff": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What changed between two of a kernel, a snapshot, a file and a file's revision. */
        get: operations["compare"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/envsnap/save/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What saving would write, and what git would say. Writes nothing. */
        post: operations["previewSave"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/envsnap/save": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Write the environment file, and commit it if asked. */
        post: operations["save"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/envsnap/settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What is done without being asked. */
        get: operations["readSettings"];
        /** Choose what is done without being asked. */
        put: operations["changeSettings"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/envsnap/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This document. */
        get: operations["readOpenApi"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * Against
         * @description How far a kernel's environment is from what was written down.
         */
        Against: {
            name: string;
            same: boolean;
            requested: number;
            indirect: number;
            /** @default null */
            problem?: components["schemas"]["ErrorReply"] | null;
        };
        /**
         * ArchiveSource
         * @description PEP 610 ``archive_info`` of a remote archive.
         */
        ArchiveSource: {
            /** @enum {unknown} */
            type: "archive";
            url: string;
            /** @default [] */
            hashes?: string[];
            /** @default null */
            subdirectory?: string | null;
        };
        /**
         * Candidate
         * @description A prefix that one source names.
         */
        Candidate: {
            prefix: components["schemas"]["Prefix"];
            how: components["schemas"]["How"];
            /** @enum {unknown} */
            confidence: "certain" | "likely" | "unsure";
        };
        /** Commit */
        Commit: {
            message: string;
        };
        /** CommitMade */
        CommitMade: {
            id: string;
            short_id: string;
            branch: string | null;
            message: string;
            /** @default [] */
            other_files?: string[];
            /** @default [] */
            findings?: components["schemas"]["Finding"][];
        };
        /**
         * CondaPackage
         * @description One record of ``conda-meta``; fields as in conda's PrefixRecord.
         */
        CondaPackage: {
            name: string;
            version: string;
            build: string;
            channel: string;
            subdir: string;
            /** @default 0 */
            build_number?: number;
            /** @default null */
            url?: string | null;
            /** @default null */
            md5?: string | null;
            /** @default null */
            sha256?: string | null;
            /** @default null */
            noarch?: string | null;
            /** @default [] */
            depends?: string[];
            /** @default [] */
            requested?: string[];
            /** @default [] */
            distributions?: string[];
        };
        /** DiffLine */
        DiffLine: {
            /** @enum {unknown} */
            sign: " " | "+" | "-";
            text: string;
            old: number | null;
            new: number | null;
            /** @default true */
            terminated?: boolean;
        };
        /**
         * DiffReply
         * @description What changed; against a file, as far as the file can say it.
         */
        DiffReply: {
            before: string;
            after: string;
            same: boolean;
            requested: number;
            indirect: number;
            changes: components["schemas"]["EnvironmentDiff"];
        };
        /**
         * Drift
         * @description What a kernel's environment has become since it was written down.
         */
        Drift: {
            kernel_id: string;
            name: string;
            numbers: components["schemas"]["DriftNumbers"];
            file: components["schemas"]["DiffReply"] | null;
            snapshot: components["schemas"]["DiffReply"] | null;
            /** @default [] */
            findings?: components["schemas"]["Finding"][];
            /** @default null */
            changing?: string | null;
        };
        /** DriftNumbers */
        DriftNumbers: {
            file: components["schemas"]["Against"] | null;
            snapshot: components["schemas"]["Against"] | null;
        };
        /**
         * Entry
         * @description A package in a document, and why it is there.
         */
        Entry: {
            line: number;
            /** @enum {unknown} */
            kind: "conda" | "pypi";
            name: string;
            version: string;
            /** @enum {unknown} */
            why: "leaf" | "needed" | "pip" | "python" | "requested";
            /** @default [] */
            because?: string[];
        };
        /**
         * Environment
         * @description What is installed in a prefix. Its path and when it was read are not part of it.
         */
        Environment: {
            digest: string;
            name: string;
            /** @enum {unknown} */
            kind: "conda" | "remote" | "system" | "venv";
            platform: string;
            python: string | null;
            /** @default [] */
            channels?: string[];
            /** @default [] */
            conda?: components["schemas"]["CondaPackage"][];
            /** @default [] */
            pypi?: components["schemas"]["PypiPackage"][];
            /** @default {} */
            variables?: {
                [key: string]: string;
            };
            /** @default [] */
            pins?: string[];
            /** @default {} */
            indexes?: components["schemas"]["PipIndexes"];
            /** @default [] */
            virtual_packages?: components["schemas"]["VirtualPackage"][];
            /** @default {} */
            machine?: components["schemas"]["Machine"];
            /** @default [] */
            findings?: components["schemas"]["Finding"][];
        };
        /**
         * EnvironmentDiff
         * @description From ``before`` to ``after``.
         */
        EnvironmentDiff: {
            packages: components["schemas"]["PackageChange"][];
            facts: components["schemas"]["FactChange"][];
            before: components["schemas"]["Facts"];
            after: components["schemas"]["Facts"];
        };
        /**
         * ErrorReply
         * @description Every reply that is not a success, and a part of some that are.
         */
        ErrorReply: {
            code: string;
            message: string;
            /** @default {} */
            detail?: {
                [key: string]: string | number | null;
            };
        };
        /**
         * Extent
         * @description How much there is of a notebook's, a prefix's or the whole history, whatever the filter.
         */
        Extent: {
            count: number;
            since: string | null;
        };
        /**
         * FactChange
         * @description Something that is no package; null where there was or is none.
         */
        FactChange: {
            name: string;
            before: string | null;
            after: string | null;
        };
        /**
         * Facts
         * @description All of an environment but its packages.
         */
        Facts: {
            digest: string;
            name: string;
            /** @enum {unknown} */
            kind: "conda" | "remote" | "system" | "venv";
            platform: string;
            python: string | null;
            channels: string[];
            variables: {
                [key: string]: string;
            };
            pins: string[];
            indexes: components["schemas"]["PipIndexes"];
            virtual_packages: components["schemas"]["VirtualPackage"][];
            machine: components["schemas"]["Machine"];
            findings: components["schemas"]["Finding"][];
        };
        /**
         * Finding
         * @description Something a reader must know.
         */
        Finding: {
            code: string;
            message: string;
            /** @default null */
            package?: string | null;
            /** @default null */
            path?: string | null;
            /** @default null */
            advice?: string | null;
        };
        /**
         * FirstChange
         * @description The change that tells most: of a package that somebody asked for, if there is one.
         */
        FirstChange: {
            name: string;
            change: ("added" | "artifact-replaced" | "changed" | "channel-changed" | "details" | "downgraded" | "moved" | "rebuilt" | "removed" | "requested-changed" | "source-changed" | "upgraded") | "setting";
            before: string | null;
            after: string | null;
        };
        /** FormatEntry */
        FormatEntry: {
            name: string;
            label: string;
            media_type: string;
            filename: string;
            profiles: components["schemas"]["ProfileEntry"][];
        };
        /** FormatList */
        FormatList: {
            formats: components["schemas"]["FormatEntry"][];
            /** @default [] */
            groups?: components["schemas"]["GroupEntry"][];
        };
        /**
         * GitAddress
         * @description What git knows of a folder that a package runs from.
         */
        GitAddress: {
            url: string;
            commit: string;
            clean: boolean;
            pushed: boolean;
        };
        /**
         * GroupEntry
         * @description Packages that can be left out together.
         */
        GroupEntry: {
            name: string;
            packages: string[];
        };
        /**
         * How
         * @description Where the answer to "which environment is this kernel's?" came from.
         * @enum {unknown}
         */
        How: "chosen" | "environ" | "kernel" | "kernelspec" | "metadata" | "process" | "remote" | "runner" | "unknown";
        /**
         * KernelEnvironment
         * @description Where a running kernel's environment is, and how that was found. Volatile; never cached.
         */
        KernelEnvironment: {
            kernel_id: string;
            kernel_name: string;
            display_name: string;
            state: string;
            notebooks: string[];
            prefix: components["schemas"]["Prefix"] | null;
            how: components["schemas"]["How"];
            /** @enum {unknown} */
            confidence: "certain" | "likely" | "unsure";
            fingerprint: string | null;
            captured_at: string | null;
            /** @default [] */
            alternatives?: components["schemas"]["Candidate"][];
            /** @default [] */
            findings?: components["schemas"]["Finding"][];
            /** @default null */
            problem?: components["schemas"]["ErrorReply"] | null;
            /** @default null */
            drift?: components["schemas"]["DriftNumbers"] | null;
            /** @default null */
            changing?: string | null;
            /** @default null */
            first_reading?: components["schemas"]["Progress"] | null;
        };
        /** KernelList */
        KernelList: {
            kernels: components["schemas"]["KernelEnvironment"][];
        };
        /**
         * KnownPrefix
         * @description An environment that the server found on its own, whatever runs in it.
         */
        KnownPrefix: {
            prefix: components["schemas"]["Prefix"];
            name: string;
            /** @default [] */
            kernels?: string[];
        };
        /**
         * KnownPrefixes
         * @description By name.
         */
        KnownPrefixes: {
            prefixes: components["schemas"]["KnownPrefix"][];
        };
        /**
         * ListedSnapshot
         * @description A row of the history in a list.
         */
        ListedSnapshot: {
            id: string;
            taken_at: string;
            reason: components["schemas"]["Reason"];
            digest: string;
            name: string;
            /** @enum {unknown} */
            kind: "conda" | "remote" | "system" | "venv";
            prefix: string | null;
            python: string | null;
            conda_count: number;
            pypi_count: number;
            /** @default null */
            kernel_id?: string | null;
            /** @default null */
            kernel_name?: string | null;
            /** @default null */
            notebook?: string | null;
            /** @default null */
            note?: string | null;
            /** @default null */
            how?: components["schemas"]["How"] | null;
            /** @default null */
            change?: components["schemas"]["SnapshotChange"] | null;
        };
        /**
         * LocalPackage
         * @description A package from a folder of this machine that is not in the repository of the file.
         */
        LocalPackage: {
            name: string;
            folder: string;
            git: components["schemas"]["GitAddress"] | null;
            /** @enum {unknown} */
            named: "comment" | "folder" | "git";
            options: ("comment" | "folder" | "git")[];
        };
        /**
         * LocalSource
         * @description A folder, wheel or archive on this machine (PEP 610 ``dir_info`` or a ``file:`` URL).
         */
        LocalSource: {
            /** @enum {unknown} */
            type: "local";
            path: string;
            /** @default false */
            editable?: boolean;
            /** @default null */
            subdirectory?: string | null;
            /** @default null */
            written?: string | null;
        };
        /**
         * Machine
         * @description Where an environment was read; no part of what it is.
         */
        Machine: {
            /** @default null */
            driver?: string | null;
            /** @default null */
            image?: string | null;
        };
        /**
         * Outline
         * @description What a document says, line by line, and what its reader must know.
         */
        Outline: {
            format: string;
            profile: string;
            entries: components["schemas"]["Entry"][];
            findings: components["schemas"]["Finding"][];
            /** @default [] */
            local?: components["schemas"]["LocalPackage"][];
        };
        /**
         * PackageChange
         * @description A package that is not as it was; of each side at most one of conda's and pip's.
         */
        PackageChange: {
            name: string;
            /** @enum {unknown} */
            change: "added" | "artifact-replaced" | "changed" | "channel-changed" | "details" | "downgraded" | "moved" | "rebuilt" | "removed" | "requested-changed" | "source-changed" | "upgraded";
            requested: boolean;
            /** @default null */
            conda_before?: components["schemas"]["CondaPackage"] | null;
            /** @default null */
            conda_after?: components["schemas"]["CondaPackage"] | null;
            /** @default null */
            pypi_before?: components["schemas"]["PypiPackage"] | null;
            /** @default null */
            pypi_after?: components["schemas"]["PypiPackage"] | null;
        };
        /**
         * PipIndexes
         * @description Where the user's pip looks for packages; addresses without credentials.
         */
        PipIndexes: {
            /** @default null */
            index_url?: string | null;
            /** @default [] */
            extra?: string[];
            /** @default [] */
            find_links?: string[];
        };
        /**
         * Prefix
         * @description The folder of an installed environment.
         */
        Prefix: {
            path: string;
            /** @enum {unknown} */
            kind: "conda" | "remote" | "system" | "venv";
            /** @default null */
            base?: string | null;
        };
        /** PrefixChoice */
        PrefixChoice: {
            path: string | null;
        };
        /** PreviewRequest */
        PreviewRequest: {
            source: string;
            path?: string | null;
            format?: string;
            profile?: string | null;
            exclude?: string[];
            without?: string[];
            mode?: string;
            /** @enum {unknown} */
            loose?: "keep" | "pin";
            local?: {
                [key: string]: "comment" | "folder" | "git";
            };
        };
        /** ProfileEntry */
        ProfileEntry: {
            name: string;
            label: string;
            description: string;
        };
        /**
         * Progress
         * @description How far something is that takes a while.
         */
        Progress: {
            done: number;
            total: number;
        };
        /**
         * PypiPackage
         * @description One distribution in site-packages that no conda record owns.
         */
        PypiPackage: {
            name: string;
            version: string;
            /** @default null */
            source?: (components["schemas"]["VcsSource"] | components["schemas"]["ArchiveSource"] | components["schemas"]["LocalSource"]) | null;
            /** @default false */
            requested?: boolean;
            /** @default null */
            installer?: string | null;
            /** @default false */
            user_site?: boolean;
            /** @default [] */
            requires?: string[];
        };
        /**
         * Reason
         * @description Why a snapshot was taken.
         * @enum {unknown}
         */
        Reason: "changed" | "cli" | "kernel-died" | "kernel-restart" | "kernel-shutdown" | "kernel-start" | "manual" | "recovered" | "saved" | "server-stop";
        /**
         * RepositoryState
         * @description The git repository around the target, as far as it matters for committing that one file.
         */
        RepositoryState: {
            top: string;
            branch: string | null;
            /** @enum {unknown} */
            target: "absent" | "ignored" | "modified" | "staged" | "unchanged" | "untracked";
            staged_others: number;
            hooks: string[];
            signs: boolean;
            own_edits: components["schemas"]["DiffLine"][];
        };
        /** SavePreview */
        SavePreview: {
            path: string;
            exists: boolean;
            /** @enum {unknown} */
            mode: "replace" | "update";
            format: string;
            profile: string;
            exclude: string[];
            without: string[];
            loose: string[];
            /** @default [] */
            local?: components["schemas"]["LocalPackage"][];
            text: string;
            diff: components["schemas"]["DiffLine"][];
            added: number;
            removed: number;
            base_digest: string | null;
            place_digest: string | null;
            document_digest: string;
            message: string;
            repository: components["schemas"]["RepositoryState"] | null;
            commit_problem: components["schemas"]["ErrorReply"] | null;
            findings: components["schemas"]["Finding"][];
        };
        /** SaveReply */
        SaveReply: {
            path: string;
            written: boolean;
            digest: string;
            commit: components["schemas"]["CommitMade"] | null;
            commit_problem: components["schemas"]["ErrorReply"] | null;
            snapshot: components["schemas"]["Snapshot"] | null;
        };
        /** SaveRequest */
        SaveRequest: {
            source: string;
            path?: string | null;
            format?: string;
            profile?: string | null;
            exclude?: string[];
            without?: string[];
            mode?: string;
            /** @enum {unknown} */
            loose?: "keep" | "pin";
            local?: {
                [key: string]: "comment" | "folder" | "git";
            };
            base_digest?: string | null;
            place_digest?: string | null;
            document_digest?: string;
            commit?: components["schemas"]["Commit"] | null;
        };
        /**
         * Settings
         * @description What is done without being asked.
         */
        Settings: {
            /** @enum {unknown} */
            on_shutdown: "file" | "history" | "off";
            /** @enum {unknown} */
            on_change: "history" | "off";
            keep_days: number | null;
            keep_count: number | null;
            /** @default {} */
            chosen?: components["schemas"]["SettingsChoice"];
        };
        /**
         * SettingsChoice
         * @description What the user chose; absent: as the server is set up.
         */
        SettingsChoice: {
            /** @enum {unknown} */
            on_shutdown?: "file" | "history" | "off";
            /** @enum {unknown} */
            on_change?: "history" | "off";
            keep_days?: number | null;
            keep_count?: number | null;
        };
        /**
         * Snapshot
         * @description An environment kept, without its packages: a row of the history.
         */
        Snapshot: {
            id: string;
            taken_at: string;
            reason: components["schemas"]["Reason"];
            digest: string;
            name: string;
            /** @enum {unknown} */
            kind: "conda" | "remote" | "system" | "venv";
            prefix: string | null;
            python: string | null;
            conda_count: number;
            pypi_count: number;
            /** @default null */
            kernel_id?: string | null;
            /** @default null */
            kernel_name?: string | null;
            /** @default null */
            notebook?: string | null;
            /** @default null */
            note?: string | null;
            /** @default null */
            how?: components["schemas"]["How"] | null;
        };
        /**
         * SnapshotChange
         * @description What changed since the snapshot before it: of its notebook, without one of its prefix.
         */
        SnapshotChange: {
            since: string | null;
            first: components["schemas"]["FirstChange"] | null;
            more: number;
        };
        /** SnapshotDetail */
        SnapshotDetail: {
            snapshot: components["schemas"]["Snapshot"];
            environment: components["schemas"]["Environment"];
        };
        /** SnapshotNote */
        SnapshotNote: {
            note: string | null;
        };
        /**
         * SnapshotPage
         * @description Newest first.
         */
        SnapshotPage: {
            snapshots: components["schemas"]["ListedSnapshot"][];
            next: string | null;
            /** @default null */
            kept?: components["schemas"]["Extent"] | null;
            /** @default [] */
            findings?: components["schemas"]["Finding"][];
        };
        /** SnapshotRequest */
        SnapshotRequest: {
            kernel_id: string;
            note?: string | null;
        };
        /** SnapshotTaken */
        SnapshotTaken: {
            snapshot: components["schemas"]["Snapshot"];
            unchanged_since: components["schemas"]["Snapshot"] | null;
            findings: components["schemas"]["Finding"][];
        };
        /**
         * VcsSource
         * @description PEP 610 ``vcs_info``.
         */
        VcsSource: {
            /** @enum {unknown} */
            type: "vcs";
            vcs: string;
            url: string;
            commit: string;
            /** @default null */
            revision?: string | null;
            /** @default null */
            subdirectory?: string | null;
            /** @default false */
            editable?: boolean;
        };
        /**
         * VirtualPackage
         * @description A fact of the machine that packages may depend on, such as ``__glibc`` (CEP 30).
         */
        VirtualPackage: {
            name: string;
            version: string;
            build: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type Against = components['schemas']['Against'];
export type ArchiveSource = components['schemas']['ArchiveSource'];
export type Candidate = components['schemas']['Candidate'];
export type Commit = components['schemas']['Commit'];
export type CommitMade = components['schemas']['CommitMade'];
export type CondaPackage = components['schemas']['CondaPackage'];
export type DiffLine = components['schemas']['DiffLine'];
export type DiffReply = components['schemas']['DiffReply'];
export type Drift = components['schemas']['Drift'];
export type DriftNumbers = components['schemas']['DriftNumbers'];
export type Entry = components['schemas']['Entry'];
export type Environment = components['schemas']['Environment'];
export type EnvironmentDiff = components['schemas']['EnvironmentDiff'];
export type ErrorReply = components['schemas']['ErrorReply'];
export type Extent = components['schemas']['Extent'];
export type FactChange = components['schemas']['FactChange'];
export type Facts = components['schemas']['Facts'];
export type Finding = components['schemas']['Finding'];
export type FirstChange = components['schemas']['FirstChange'];
export type FormatEntry = components['schemas']['FormatEntry'];
export type FormatList = components['schemas']['FormatList'];
export type GitAddress = components['schemas']['GitAddress'];
export type GroupEntry = components['schemas']['GroupEntry'];
export type How = components['schemas']['How'];
export type KernelEnvironment = components['schemas']['KernelEnvironment'];
export type KernelList = components['schemas']['KernelList'];
export type KnownPrefix = components['schemas']['KnownPrefix'];
export type KnownPrefixes = components['schemas']['KnownPrefixes'];
export type ListedSnapshot = components['schemas']['ListedSnapshot'];
export type LocalPackage = components['schemas']['LocalPackage'];
export type LocalSource = components['schemas']['LocalSource'];
export type Machine = components['schemas']['Machine'];
export type Outline = components['schemas']['Outline'];
export type PackageChange = components['schemas']['PackageChange'];
export type PipIndexes = components['schemas']['PipIndexes'];
export type Prefix = components['schemas']['Prefix'];
export type PrefixChoice = components['schemas']['PrefixChoice'];
export type PreviewRequest = components['schemas']['PreviewRequest'];
export type ProfileEntry = components['schemas']['ProfileEntry'];
export type Progress = components['schemas']['Progress'];
export type PypiPackage = components['schemas']['PypiPackage'];
export type Reason = components['schemas']['Reason'];
export type RepositoryState = components['schemas']['RepositoryState'];
export type SavePreview = components['schemas']['SavePreview'];
export type SaveReply = components['schemas']['SaveReply'];
export type SaveRequest = components['schemas']['SaveRequest'];
export type Settings = components['schemas']['Settings'];
export type SettingsChoice = components['schemas']['SettingsChoice'];
export type Snapshot = components['schemas']['Snapshot'];
export type SnapshotChange = components['schemas']['SnapshotChange'];
export type SnapshotDetail = components['schemas']['SnapshotDetail'];
export type SnapshotNote = components['schemas']['SnapshotNote'];
export type SnapshotPage = components['schemas']['SnapshotPage'];
export type SnapshotRequest = components['schemas']['SnapshotRequest'];
export type SnapshotTaken = components['schemas']['SnapshotTaken'];
export type VcsSource = components['schemas']['VcsSource'];
export type VirtualPackage = components['schemas']['VirtualPackage'];
export type $defs = Record<string, never>;
export interface operations {
    listKernels: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Each running kernel: its prefix, how it was found, its fingerprint. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KernelList"];
                };
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorReply"];
                };
            };
        };
    };
    readEnvironment: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What is installed in the kernel's environment. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Environment"];
                };
            };
            /** @description Unchanged since the ETag. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorReply"];
                };
            };
        };
    };
    writeDocument: {
        parameters: {
            query?: {
                format?: string;
                profile?: string | null;
                exclude?: string[];
                without?: string[];
                from_history?: boolean;
                builds?: boolean;
                channels?: boolean;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The kernel's environment, written in a format. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                    "application/yaml": string;
                    "text/plain": string;
                };
            };
            /** @description Unchanged since the ETag. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorReply"];
                };
            };
        };
    };
    readOutline: {
        parameters: {
            query?: {
                format?: string;
                profile?: string | null;
                exclude?: string[];
                without?: string[];
                from_history?: boolean;
                builds?: boolean;
                channels?: boolean;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Which package each line of that document is about, and why it is there. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Outline"];
                };
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorReply"];
                };
            };
        };
    };
    readDrift: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What the environment has become since its file and its last snapshot. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Drift"];
                };
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorReply"];
                };
            };
        };
    };
    choosePrefix: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PrefixChoice"];
            };
        };
        responses: {
            /** @description Take another environment for the kernel's, among those that the server found. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KernelEnvironment"];
                };
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorReply"];
                };
            };
        };
    };
    askKernel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Ask the idle kernel itself, without a trace in it, where it runs. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KernelEnvironment"];
                };
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorReply"];
                };
            };
        };
    };
    listPrefixes: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The environments that the server found, whatever runs in them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KnownPrefixes"];
                };
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorReply"];
                };
            };
        };
    };
    listFormats: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The formats and their profiles. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FormatList"];
                };
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorReply"];
                };
            };
        };
    };
    listSnapshots: {
        parameters: {
            query?: {
                notebook?: string | null;
                prefix?: string | null;
                package?: string | null;
                version?: string | null;
                reason?: components["schemas"]["Reason"][];
                before?: string | null;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The history, newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SnapshotPage"];
                };
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorReply"];
                };
            };
        };
    };
    takeSnapshot: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SnapshotRequest"];
            };
        };
        responses: {
            /** @description Keep the kernel's environment. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SnapshotTaken"];
                };
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorReply"];
                };
            };
        };
    };
    readSnapshot: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A snapshot and its environment. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SnapshotDetail"];
                };
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorReply"];
                };
            };
        };
    };
    deleteSnapshot: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Forget a snapshot. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorReply"];
                };
            };
        };
    };
    annotateSnapshot: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SnapshotNote"];
            };
        };
        responses: {
            /** @description Give a snapshot another note, or none. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Snapshot"];
                };
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorReply"];
                };
            };
        };
    };
    writeSnapshotDocument: {
        parameters: {
            query?: {
                format?: string;
                profile?: string | null;
                exclude?: string[];
                without?: string[];
                from_history?: boolean;
                builds?: boolean;
                channels?: boolean;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A snapshot's environment, written in a format. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                    "application/yaml": string;
                    "text/plain": string;
                };
            };
            /** @description Unchanged since the ETag. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorReply"];
                };
            };
        };
    };
    compare: {
        parameters: {
            query: {
                before: string;
                after: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What changed between two of a kernel, a snapshot, a file and a file's revision. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DiffReply"];
                };
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorReply"];
                };
            };
        };
    };
    previewSave: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PreviewRequest"];
            };
        };
        responses: {
            /** @description What saving would write, and what git would say. Writes nothing. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SavePreview"];
                };
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorReply"];
                };
            };
        };
    };
    save: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SaveRequest"];
            };
        };
        responses: {
            /** @description Write the environment file, and commit it if asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SaveReply"];
                };
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorReply"];
                };
            };
        };
    };
    readSettings: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What is done without being asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Settings"];
                };
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorReply"];
                };
            };
        };
    };
    changeSettings: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SettingsChoice"];
            };
        };
        responses: {
            /** @description Choose what is done without being asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Settings"];
                };
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorReply"];
                };
            };
        };
    };
    readOpenApi: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description This document. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description What went wrong. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorReply"];
                };
            };
        };
    };
}
