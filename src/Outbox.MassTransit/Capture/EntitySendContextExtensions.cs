using MassTransit;
using Outbox.Capture;

namespace Outbox;

/// <summary>Says on a single publish or send which entity the message is about.</summary>
public static class EntitySendContextExtensions
{
    /// <summary>
    /// Sets the entity of one message: <c>context.Publish(message, x => x.SetEntity(order.Id, order.Version))</c>. It wins over <c>o.EntityOf</c>.
    /// </summary>
    /// <param name="context">The message being published or sent.</param>
    /// <param name="entityId">The entity: the Kafka key, and the unit of order.</param>
    /// <param name="version">The entity's version after the change. Without one, a counter of the entity is raised inside the transaction.</param>
    public static void SetEntity(this SendContext context, string entityId, long? version = null)
    {
        var entity = new EntityReference(entityId, version);
        context.AddOrUpdatePayload(() => entity, _ => entity);
    }

    /// <summary>Has one message published also when its consumer processes again what it has processed before: <c>context.Publish(message, x => x.PublishOnReplay())</c>.</summary>
    /// <param name="context">The message being published or sent.</param>
    public static void PublishOnReplay(this SendContext context) => context.GetOrAddPayload(static () => new OnReplay());

    internal sealed class OnReplay;
}
