using System.Text.RegularExpressions;

namespace Outbox.Tests.Standards;

/// <summary>What a source file declares and what it mentions, read without a compiler: close enough to say which folder needs which.</summary>
internal sealed partial class SourceFile
{
    private readonly HashSet<string> _usings;
    private readonly HashSet<string> _words;
    private readonly HashSet<string> _members;
    private readonly HashSet<(string Before, string Name)> _qualified;

    /// <param name="path">From the project's folder, with forward slashes.</param>
    /// <param name="text">The file.</param>
    public SourceFile(string path, string text)
    {
        Name = Path.GetFileName(path);
        Folder = path.Contains('/') ? path[..path.LastIndexOf('/')] : ".";
        var code = Comment().Replace(text, "");
        Namespace = NamespaceLine().Match(code).Groups["name"].Value;
        _usings = [.. Using().Matches(code).Select(match => match.Groups["name"].Value)];
        code = Text().Replace(Using().Replace(code, ""), match => match.Value[0] == '$' ? string.Join(' ', Hole().Matches(match.Value)) : "");
        Types = [.. Declaration().Matches(code).Select(match => match.Groups["name"].Value).SelectMany(Spellings)];
        Extensions = [.. Extension().Matches(code).Concat(code.Contains(" extension(") ? BlockMember().Matches(code) : []).Select(match => match.Groups["name"].Value)];
        _words = [.. Word().Matches(code).Select(match => match.Value).Except(Property().Matches(code).Select(match => match.Groups["name"].Value))];
        _members = [.. Member().Matches(code).Select(match => match.Groups["name"].Value)];
        _qualified = [.. Member().Matches(code).Select(match => (match.Groups["before"].Value, match.Groups["name"].Value))];
    }

    public string Name { get; }

    public string Folder { get; }

    public string Namespace { get; }

    public IReadOnlyCollection<string> Types { get; }

    public IReadOnlyCollection<string> Extensions { get; }

    /// <summary>Names the namespace, or a type in it, in a using.</summary>
    public bool IsUsing(SourceFile other) =>
        _usings.Contains(other.Namespace) || other.Types.Any(type => _usings.Contains($"{other.Namespace}.{type}"));

    /// <summary>Sees the namespace without a using: it is this file's own, or one around it.</summary>
    public bool IsWithin(string name) => Namespace == name || Namespace.StartsWith(name + ".", StringComparison.Ordinal);

    /// <summary>Sees the namespace by its last word, because it sees the one around that.</summary>
    public bool IsBeside(string name) => name.LastIndexOf('.') is > 0 and var end && IsWithin(name[..end]);

    /// <summary>Mentions something that <paramref name="other"/> declares and no <paramref name="nearer"/> file hides.</summary>
    public bool Mentions(SourceFile other, IReadOnlyCollection<SourceFile> nearer) =>
        Qualifies(other)
        || other.Types.Any(type => _words.Contains(type) && !nearer.Any(file => file.Types.Contains(type)))
        || other.Extensions.Any(name => _members.Contains(name) && !nearer.Any(file => file.Extensions.Contains(name)));

    /// <summary>Mentions a type behind the last word of its namespace.</summary>
    public bool Qualifies(SourceFile other) =>
        other.Types.Any(type => _qualified.Contains((other.Namespace[(other.Namespace.LastIndexOf('.') + 1)..], type)));

    /// <summary>An attribute is written without its last word.</summary>
    private static IEnumerable<string> Spellings(string type) =>
        type.EndsWith("Attribute", StringComparison.Ordinal) ? [type, type[..^"Attribute".Length]] : [type];

    [GeneratedRegex("//.*$", RegexOptions.Multiline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"^namespace (?<name>[\w.]+);", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();

    [GeneratedRegex(@"^(?:global )?using (?:static |\w+ = )?(?<name>[\w.]+)[^;]*;", RegexOptions.Multiline)]
    private static partial Regex Using();

    [GeneratedRegex("""\$?"(?:[^"\\\n]|\\.)*""" + "\"")]
    private static partial Regex Text();

    [GeneratedRegex(@"(?<=\{)[^{}]*(?=\})")]
    private static partial Regex Hole();

    /// <summary>A declaration at the outermost level, which file-scoped namespaces leave unindented.</summary>
    [GeneratedRegex(@"^(?:(?:public|internal|static|sealed|abstract|partial|readonly|unsafe|ref) )*(?:class|struct|interface|enum|delegate \S+|record(?: struct| class)?) (?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex Declaration();

    [GeneratedRegex(@"\bstatic [^=;{}()]*?\b(?<name>\w+)(?:<[^()]*>)?\(\s*this ")]
    private static partial Regex Extension();

    [GeneratedRegex(@"^        public (?:static |async )*\S+ (?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex BlockMember();

    [GeneratedRegex(@"(?<![\w.])[A-Z]\w*")]
    private static partial Regex Word();

    /// <summary>Hides the type of its name, unless it is of that type.</summary>
    [GeneratedRegex(@"^    (?:\w+ )+?(?<type>\S+) (?<name>[A-Z]\w*)(?<!\b\k<type> \k<type>) (?:\{ get|=>)", RegexOptions.Multiline)]
    private static partial Regex Property();

    [GeneratedRegex(@"(?<before>\w*)[^\w\s]*\s*\.(?<name>[A-Z]\w*)")]
    private static partial Regex Member();
}
