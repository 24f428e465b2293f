using Microsoft.Extensions.DependencyInjection;
using Outbox.Capture;

namespace Outbox;

/// <summary>Says how MassTransit's own publish and send calls are captured.</summary>
public static class CaptureConfiguratorExtensions
{
    /// <summary>
    /// Captures every message of a registered type that is published or sent through an injected <c>IPublishEndpoint</c> or <c>ISendEndpointProvider</c>: in the running
    /// transaction, or in one of its own. Without this call those that are published where no transaction runs are refused. <c>IBus</c> is never captured.
    /// </summary>
    /// <param name="outbox">The outbox.</param>
    /// <param name="configure">Changes what becomes of messages outside of a transaction. Options come from the configuration section <c>Outbox:BusOutbox</c> first.</param>
    public static void UseBusOutbox(this OutboxConfigurator outbox, Action<BusOutboxOptions>? configure = null) =>
        outbox.Services.Configure(configure ?? (options => options.OutsideTransaction = OutsideTransaction.OwnTransaction));

    /// <summary>
    /// Registers message types that travel on MassTransit's bus (RabbitMQ, in-memory …) instead of Kafka. They are captured in the same transactions, and the relay
    /// publishes or sends them through the bus.
    /// </summary>
    public static void Bus(this OutboxConfigurator outbox, Action<BusConfigurator> configure) => configure(new BusConfigurator(outbox));

    /// <summary>Says which entity messages of a type are about, for publish and send calls that cannot say it themselves.</summary>
    /// <param name="outbox">The outbox.</param>
    /// <param name="entityId">Reads the entity's id: the Kafka key, and the unit of order.</param>
    /// <param name="version">Reads the entity's version. Without it a counter of the entity is raised inside the transaction.</param>
    public static void EntityOf<T>(this OutboxConfigurator outbox, Func<T, string> entityId, Func<T, long?>? version = null)
        where T : class => outbox.Services.AddSingleton(EntityKey.Of(entityId, version));
}
