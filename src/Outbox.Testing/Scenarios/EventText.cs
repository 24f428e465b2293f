using System.Text.Json;
using Outbox.Messages;

namespace Outbox.Testing;

/// <summary>Events as they are compared and shown: by type and JSON.</summary>
internal static class EventText
{
    public static string Of(object @event) => $"{@event.GetType().Name} {JsonSerializer.Serialize(@event, @event.GetType(), MessageJson.Default)}";

    public static string Of(IReadOnlyCollection<object> events) => events.Count == 0 ? "nothing" : string.Join(", ", events.Select(Of));
}
