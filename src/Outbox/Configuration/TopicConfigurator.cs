using System.Text.Json;
using Outbox.Delivery;
using Outbox.Messages;
using Outbox.Versioning;

namespace Outbox;

/// <summary>Collects the message types of one topic.</summary>
public sealed class TopicConfigurator
{
    private readonly List<Func<MessageRegistration>> _registrations = [];

    internal TopicConfigurator(string name) => Name = EntityType = name;

    /// <summary>The topic's name.</summary>
    public string Name { get; }

    /// <summary>What the entity ids on this topic name, for example <c>order</c>.</summary>
    /// <value>The default is the topic's name.</value>
    public string EntityType { get; set; }

    /// <summary>How payloads on this topic are written and read.</summary>
    /// <value>The default is <see cref="MessageJson.Default"/>.</value>
    public JsonSerializerOptions Json { get; set; } = MessageJson.Default;

    /// <summary>What happens to an entity's later messages when one of its messages cannot be published.</summary>
    /// <value>The default value is <see cref="ParkedPolicy.HoldEntity"/>.</value>
    public ParkedPolicy OnParked { get; set; } = ParkedPolicy.HoldEntity;

    /// <summary>How consumers of this service meet duplicates and disorder among the messages of one entity, unless a message type says otherwise.</summary>
    /// <value>The default value is <see cref="MessageOrdering.NewestVersion"/>.</value>
    public MessageOrdering Ordering { get; set; }

    internal TopicRegistration Registration => new(Name, OnParked);

    internal IEnumerable<MessageRegistration> Registrations => _registrations.Select(make => make());

    /// <summary>Registers an event type.</summary>
    /// <param name="type">The name on the wire; by default the kebab-case name of <typeparamref name="T"/>.</param>
    public void Message<T>(string? type = null)
        where T : class => Message<T>(message => message.Type = type ?? message.Type);

    /// <summary>Registers an event type.</summary>
    /// <param name="configure">Says how its messages travel and are consumed.</param>
    public void Message<T>(Action<MessageConfigurator> configure)
        where T : class => Add(typeof(T), configure, MessageIntent.Event);

    /// <summary>Registers a command type.</summary>
    /// <inheritdoc cref="Message{T}(string?)"/>
    public void Command<T>(string? type = null)
        where T : class => Command<T>(message => message.Type = type ?? message.Type);

    /// <summary>Registers a command type.</summary>
    /// <inheritdoc cref="Message{T}(Action{MessageConfigurator})"/>
    public void Command<T>(Action<MessageConfigurator> configure)
        where T : class => Add(typeof(T), configure, MessageIntent.Command);

    private void Add(Type clrType, Action<MessageConfigurator> configure, MessageIntent intent) => _registrations.Add(() =>
    {
        var message = new MessageConfigurator(MessageTypeName.Of(clrType), Ordering);
        configure(message);
        return new MessageRegistration(clrType, message.Type, Name, intent, EntityType, Json) { Ordering = message.Ordering };
    });
}
