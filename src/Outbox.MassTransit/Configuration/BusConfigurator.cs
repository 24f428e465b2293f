using Microsoft.Extensions.DependencyInjection;
using Outbox.Capture;
using Outbox.Messages;

namespace Outbox;

/// <summary>Collects the message types that travel on MassTransit's bus.</summary>
public sealed class BusConfigurator
{
    private readonly OutboxConfigurator _outbox;

    internal BusConfigurator(OutboxConfigurator outbox) => _outbox = outbox;

    /// <summary>Registers an event type.</summary>
    /// <param name="type">The name in the outbox; by default the kebab-case name of <typeparamref name="T"/>.</param>
    /// <param name="configure">Sets what differs from other messages.</param>
    public void Message<T>(string? type = null, Action<MessageConfigurator>? configure = null)
        where T : class => _outbox.Topic(BusTopics.Events, topic => topic.Message<T>(type, configure));

    /// <summary>Registers a command type.</summary>
    /// <param name="destination">The receiver's address, for example <c>queue:labels</c>.</param>
    /// <param name="type">The name in the outbox; by default the kebab-case name of <typeparamref name="T"/>.</param>
    /// <param name="configure">Sets what differs from other messages.</param>
    public void Command<T>(Uri destination, string? type = null, Action<MessageConfigurator>? configure = null)
        where T : class
    {
        _outbox.Topic(BusTopics.Commands, topic => topic.Command<T>(type, configure));
        _outbox.Services.AddSingleton(new BusDestination(typeof(T), destination));
    }
}
