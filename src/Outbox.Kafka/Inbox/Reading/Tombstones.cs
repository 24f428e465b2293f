using Outbox.Messages;

namespace Outbox.Kafka.Inbox.Reading;

/// <summary>The tombstones of registered message types.</summary>
internal static class Tombstones
{
    public static Type Of(Type messageType) => typeof(Tombstone<>).MakeGenericType(messageType);

    public static object Create(Type messageType, string entityId) => Activator.CreateInstance(Of(messageType), entityId)!;
}
