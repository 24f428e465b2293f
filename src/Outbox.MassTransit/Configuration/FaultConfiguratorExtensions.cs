using MassTransit;
using MassTransit.Serialization;
using Outbox.Messages.Registration;

namespace Outbox;

/// <summary>Publishes the faults of messages that failed for good.</summary>
public static class FaultConfiguratorExtensions
{
    /// <summary>
    /// Registers <c>Fault&lt;T&gt;</c> on this topic: a topic endpoint that parks a <typeparamref name="T"/> publishes one, and <c>IConsumer&lt;Fault&lt;T&gt;&gt;</c> consumes it.
    /// Without it no fault is published; the parked message says what a fault would.
    /// </summary>
    /// <param name="topic">The topic.</param>
    /// <param name="type">The name on the wire; by default that of <typeparamref name="T"/> with <c>-fault</c> at its end.</param>
    /// <param name="configure">Sets what differs from the topic's other messages.</param>
    public static void Fault<T>(this TopicConfigurator topic, string? type = null, Action<MessageConfigurator>? configure = null)
        where T : class => topic.Message<Fault<T>>(type ?? MessageTypeName.Of(typeof(T)) + "-fault", message =>
        {
            message.Json = SystemTextJsonMessageSerializer.Options;
            configure?.Invoke(message);
        });
}
