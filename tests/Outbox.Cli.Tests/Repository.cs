namespace Outbox.Cli.Tests;

/// <summary>The checked-out files, by their paths from the root with forward slashes.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    public static string PathOf(string path) => Path.Combine(Root, path);

    public static bool Has(string path) => Path.Exists(PathOf(path));

    public static string Read(string path) => File.ReadAllText(PathOf(path));

    /// <summary>Files below a folder, without what a build leaves there.</summary>
    public static IReadOnlyList<string> Files(string folder, string pattern) =>
    [
        .. Directory.EnumerateFiles(PathOf(folder), pattern, SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Where(path => !path.Split('/').Any(part => part is "bin" or "obj"))
            .Order(StringComparer.Ordinal),
    ];

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Outbox.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException($"No Outbox.sln above {AppContext.BaseDirectory}: run the tests inside a checkout.");
    }
}
