namespace Outbox.Capture;

/// <summary>How the entity is read from messages of one type.</summary>
internal sealed record EntityKey(Type MessageType, Func<object, EntityReference> Read)
{
    public static EntityKey Of<T>(Func<T, string> entityId, Func<T, long?>? version)
        where T : class => new(typeof(T), message => new EntityReference(entityId((T)message), version?.Invoke((T)message)));
}
