using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Outbox.Messages.Payloads;

/// <summary>Finds what of an object the JSON of a base type or an interface leaves out.</summary>
internal static class DerivedTypes
{
    private static readonly ConcurrentDictionary<(Type Written, Type Actual, JsonSerializerOptions Json), string[]> Known = new();

    /// <summary>The names of what is lost.</summary>
    public static IReadOnlyList<string> Lost(Type written, Type actual, JsonSerializerOptions json) =>
        Known.GetOrAdd((written, actual, json), static key => Compare(key.Written, key.Actual, key.Json));

    private static string[] Compare(Type written, Type actual, JsonSerializerOptions json)
    {
        // What a converter makes of it, only the converter knows.
        if (!json.TryGetTypeInfo(written, out var info) || info.Kind != JsonTypeInfoKind.Object || IsPolymorphic(info, actual))
        {
            return [];
        }

        var names = NamesOf(info).ToHashSet(StringComparer.Ordinal);
        return [.. NamesOf(InfoOf(actual, json)).Where(name => !names.Contains(name))];
    }

    private static bool IsPolymorphic(JsonTypeInfo written, Type actual) =>
        written.PolymorphismOptions?.DerivedTypes.Any(derived => derived.DerivedType == actual) == true;

    private static IEnumerable<string> NamesOf(JsonTypeInfo type) => type.Properties.Where(property => property.Get is not null).Select(property => property.Name);

    /// <summary>A source-generated context knows the registered types alone.</summary>
    private static JsonTypeInfo InfoOf(Type actual, JsonSerializerOptions json) => json.TryGetTypeInfo(actual, out var known)
        ? known
        : new JsonSerializerOptions(json) { TypeInfoResolver = new DefaultJsonTypeInfoResolver() }.GetTypeInfo(actual);
}
