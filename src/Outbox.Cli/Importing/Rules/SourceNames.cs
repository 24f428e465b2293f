using System.Text.Json;

namespace Outbox.Cli.Importing.Rules;

/// <summary>Names of .NET types as other products write them, and as they stand on the wire here.</summary>
internal static class SourceNames
{
    /// <summary>A type's own name: without namespace, outer types and type arguments.</summary>
    public static string Simple(string name)
    {
        var end = name.AsSpan().IndexOfAny("[`<,");
        var own = end < 0 ? name : name[..end];
        return own[(own.LastIndexOfAny(['.', ':', '+']) + 1)..];
    }

    /// <summary>The default name of the type: <c>Shop:OrderPlaced</c> becomes <c>order-placed</c>, as if it were registered without another.</summary>
    public static string Kebab(string name) => JsonNamingPolicy.KebabCaseLower.ConvertName(Simple(name));
}
