using System.Text.Json;

namespace Outbox.Messages.Registration;

/// <summary>The default name of a message type: <c>OrderPlaced</c> becomes <c>order-placed</c>.</summary>
public static class MessageTypeName
{
    /// <summary>The kebab-case name of a type, without its namespace and generic arity.</summary>
    public static string Of(Type type)
    {
        var name = type.Name;
        var arity = name.IndexOf('`');
        return JsonNamingPolicy.KebabCaseLower.ConvertName(arity < 0 ? name : name[..arity]);
    }
}
