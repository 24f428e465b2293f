using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Outbox.Tests.Docs.Settings;

/// <summary>What the compiler took from a library's comments, as text of a table's cell.</summary>
internal sealed partial class XmlDocs
{
    private readonly Dictionary<string, XElement> _members;

    public XmlDocs(Assembly assembly) => _members = XDocument.Load(Path.ChangeExtension(assembly.Location, ".xml"))
        .Descendants("member").ToDictionary(member => member.Attribute("name")!.Value);

    public string Of(Type type) => Text($"T:{type.FullName}", "summary");

    public string Of(PropertyInfo property, string part) => Text($"P:{property.DeclaringType!.FullName}.{property.Name}", part);

    private string Text(string member, string part) =>
        _members.TryGetValue(member, out var documented) && documented.Element(part) is { } element
            ? Space().Replace(string.Concat(element.Nodes().Select(Plain)), " ").Trim().Replace("|", "\\|", StringComparison.Ordinal)
            : "";

    private static string Plain(XNode node) => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
        XElement element when element.Attribute("langword") is { } word => $"`{word.Value}`",
        XElement element when element.Attribute("cref") is { } reference => $"`{Parameters().Replace(reference.Value, "").Split('.')[^1]}`",
        _ => throw new NotSupportedException($"{node} has no text yet that a table could show."),
    };

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();

    [GeneratedRegex(@"\(.*\)$|`\d+")]
    private static partial Regex Parameters();
}
