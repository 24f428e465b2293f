using System.Text.RegularExpressions;

namespace Outbox.Tests.Standards;

public sealed partial class FileTests(ITestOutputHelper output)
{
    private const int MostLines = 300;
    private const int MostFiles = 12;
    private const int FilesWithoutExcuse = 14;

    /// <summary>Files that are named after what their types have in common: the messages of one topic, the two concerns of a command.</summary>
    private static readonly string[] Groups = ["OrderMessages", "ShipmentMessages", "ShippingMessages", "Concerns"];

    [Fact]
    public void No_file_has_more_than_300_lines() => Rule.Holds(
        from file in Sources()
        let lines = File.ReadLines(Repository.PathOf(file)).Count()
        where lines > MostLines
        select $"{file}: {lines} lines",
        $"A file of more than {MostLines} lines does more than one thing: split it by what it does.");

    [Fact]
    public void Most_files_are_short()
    {
        var lines = Sources().Select(file => File.ReadLines(Repository.PathOf(file)).Count()).Order().ToList();
        var (median, ninetieth) = (lines[lines.Count / 2], lines[lines.Count * 9 / 10]);
        output.WriteLine($"{lines.Count} files, median {median} lines, 90th percentile {ninetieth}, longest {lines[^1]}");

        Assert.True(median <= 50, $"Half of the files should fit on a screen, 50 lines; the median is {median}.");
        Assert.True(ninetieth <= 130, $"Nine files of ten should be read in one go, 130 lines; the 90th percentile is {ninetieth}.");
    }

    [Fact]
    public void No_file_speaks_of_one_machine() => Rule.Holds(
        from folder in new[] { "src", "examples", "tests", "docs", ".ci" }
        from file in Repository.Files(folder, "*")
        where HomeFolder().IsMatch(Repository.Read(file))
        select file,
        "A path below somebody's home folder works on one machine only:");

    [Fact]
    public void A_folder_is_neither_crowded_nor_lonely()
    {
        var folders = Repository.Files("src", "*.cs").GroupBy(file => Path.GetDirectoryName(file)!.Replace('\\', '/')).ToDictionary(x => x.Key, x => x.Count());
        foreach (var (folder, files) in folders.Where(x => x.Value > MostFiles))
        {
            output.WriteLine($"{folder} has {files} files; aim at {MostFiles} at most.");
        }

        Rule.Holds(
            folders.Where(x => x.Value > FilesWithoutExcuse).Select(x => $"{x.Key}: {x.Value} files"),
            $"A reader takes in about {MostFiles} files at a glance: divide the folder by what its files do.");
        Rule.Holds(
            folders.Where(x => x.Value == 1 && !folders.Keys.Any(other => other.StartsWith(x.Key + "/", StringComparison.Ordinal))).Select(x => x.Key),
            "A folder with a single file is a detour: move the file up.");
    }

    [Fact]
    public void A_file_is_named_after_its_type() => Rule.Holds(
        from file in Sources()
        let name = Path.GetFileNameWithoutExtension(file).Split('.')[0]
        let types = TypeDeclaration().Matches(Repository.Read(file)).Select(match => match.Groups["name"].Value).ToList()
        where types.Count > 0 && !types.Contains(name) && !Groups.Contains(name)
        select $"{file} declares {string.Join(", ", types)}",
        "A type is looked for in the file of its name:");

    /// <summary><c>dotnet format style --diagnostics IMPORTS</c> says the same, and takes minutes to load the solution for it.</summary>
    [Fact]
    public void Directives_are_in_the_order_of_the_alphabet_System_first_and_static_ones_and_aliases_last() => Rule.Holds(
        from folder in new[] { "src", "examples", "tests", "templates" }
        from file in Repository.Files(folder, "*.cs")
        let said = Directive().Matches(Repository.Read(file)).Select(match => match.Value.TrimEnd()).ToList()
        let sorted = said.OrderBy(Kind).ThenByDescending(line => line is "using System;" || line.StartsWith("using System.", StringComparison.Ordinal)).ThenBy(line => line.TrimEnd(';'), StringComparer.OrdinalIgnoreCase)
        where !said.SequenceEqual(sorted)
        select file,
        "Sort the using directives (dotnet format style --diagnostics IMPORTS does):");

    private static int Kind(string directive) => directive.StartsWith("using static ", StringComparison.Ordinal) ? 1 : directive.Contains('=', StringComparison.Ordinal) ? 2 : 0;

    [GeneratedRegex(@"^using [^\s(][^;(\n]*;\r?$", RegexOptions.Multiline)]
    private static partial Regex Directive();

    private static IEnumerable<string> Sources() => Repository.Files("src", "*.cs").Concat(Repository.Files("examples", "*.cs"));

    [GeneratedRegex(@"(?:/home|/Users|/root|\\Users)[/\\]\w")]
    private static partial Regex HomeFolder();

    /// <summary>A declaration at the outermost level, which file-scoped namespaces leave unindented.</summary>
    [GeneratedRegex(@"^(?:(?:public|internal|file|static|sealed|abstract|partial|readonly|unsafe|ref) )*(?:class|struct|interface|enum|delegate \S+|record(?: struct| class)?) (?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex TypeDeclaration();
}
