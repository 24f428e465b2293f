using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Outbox.History.Registration;

/// <summary>Has aggregates written as their fields, whatever they are called and whoever may see them: a snapshot that leaves one out would be another state.</summary>
internal static class AggregateFields
{
    private const BindingFlags Own = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    public static ConstructorInfo? Constructor(Type type) => type.GetConstructor(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic, []);

    /// <summary>The options with which the topic's payloads are written, for aggregates too.</summary>
    public static JsonSerializerOptions With(JsonSerializerOptions json) => new(json)
    {
        TypeInfoResolver = (json.TypeInfoResolver ?? new DefaultJsonTypeInfoResolver()).WithAddedModifier(UseFields),
    };

    private static void UseFields(JsonTypeInfo info)
    {
        if (info.Kind != JsonTypeInfoKind.Object || !info.Type.IsSubclassOf(typeof(Aggregate)))
        {
            return;
        }

        var constructor = Constructor(info.Type);
        info.CreateObject = constructor is null ? null : () => constructor.Invoke(null);
        info.Properties.Clear();
        for (var type = info.Type; type != typeof(Aggregate); type = type.BaseType!)
        {
            foreach (var field in type.GetFields(Own))
            {
                var property = info.CreateJsonPropertyInfo(field.FieldType, $"{type.Name}.{Plain(field.Name)}");
                property.Get = field.GetValue;
                property.Set = field.SetValue;
                info.Properties.Add(property);
            }
        }
    }

    /// <summary>A property's own field has a name in brackets.</summary>
    private static string Plain(string name) => name.StartsWith('<') ? name[1..name.IndexOf('>', StringComparison.Ordinal)] : name;
}
