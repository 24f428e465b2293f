using System.Numerics;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Outbox.Capture;
using Outbox.Configuration;
using Outbox.Delivery;
using Outbox.History.Repair;
using Outbox.Inbox;
using Outbox.Inbox.Sequencing;
using Outbox.Messages;
using Outbox.Messages.Intents;
using Outbox.Messages.Registration;
using Outbox.Payloads;
using Outbox.Payloads.Transforms;
using Outbox.Versioning;

namespace Outbox;

/// <summary>Collects the message types of one topic.</summary>
public sealed class TopicConfigurator
{
    private readonly List<Func<MessageRegistration>> _registrations = [];
    private Type? _default;
    private string? _entityType;
    private readonly TopicPayloads _payloads = new();
    private HistoryConfigurator? _history;

    internal TopicConfigurator(string name) => Name = name;

    /// <summary>The topic's name.</summary>
    public string Name { get; }

    /// <summary>What the entity ids on this topic name, for example <c>order</c>.</summary>
    /// <value>The default is the topic's name.</value>
    public string EntityType { get => _entityType ?? Name; set => _entityType = value; }

    /// <summary>How payloads on this topic are written and read.</summary>
    /// <value>The default is <see cref="MessageJson.Default"/>.</value>
    public JsonSerializerOptions Json { get; set; } = MessageJson.Default;

    /// <summary>What happens to an entity's later messages when one of its messages cannot be published.</summary>
    /// <value>The default value is <see cref="ParkedPolicy.HoldEntity"/>.</value>
    public ParkedPolicy OnParked { get; set; } = ParkedPolicy.HoldEntity;

    /// <summary>
    /// Whether the messages of this topic bring their entity's version or have it counted. What does otherwise is then refused: of one entity, a counted version and one
    /// that was brought say nothing about their order.
    /// </summary>
    /// <value>The default is that each message may do either; a process that sees both on one topic logs a warning.</value>
    public VersionSource? Versions { get; set; }

    /// <summary>How the messages of this topic are published. Incoming messages are recognised by their headers.</summary>
    /// <value>The default value is <see cref="MessageFormat.Envelope"/>.</value>
    public MessageFormat Format { get; set; } = MessageFormat.Envelope;

    /// <summary>
    /// The partitions that the topic is created with, where the service may create it; a topic with fewer is warned of. An entity's messages are in order
    /// within one partition, so the number should not change later.
    /// </summary>
    /// <value>The default is the cluster's.</value>
    public int? Partitions { get; set; }

    /// <summary>How many brokers keep a copy of the topic, where the service may create it.</summary>
    /// <value>The default is the cluster's.</value>
    public short? ReplicationFactor { get; set; }

    /// <summary>How consumers of this service meet duplicates and disorder among the messages of one entity, unless a message type says otherwise.</summary>
    /// <value>The default value is <see cref="MessageOrdering.NewestVersion"/>.</value>
    public MessageOrdering Ordering { get; set; }

    /// <summary>What consumers of this service do with an entity's later messages when one fails for good, unless a message type or an endpoint says otherwise.</summary>
    /// <value>The default is <see cref="FailurePolicy.HoldEntity"/> for types in sequence and <see cref="FailurePolicy.Continue"/> for all others.</value>
    public FailurePolicy? OnFailed { get; set; }

    /// <summary>The format of <see cref="MessageFormat.Custom"/>, which only the transport knows.</summary>
    internal object? WireFormat { get; set; }

    internal bool KeepsHistory => _history is not null;

    internal List<Action<SequenceOptions>> SequenceChanges { get; } = [];

    internal AnswerOptions? Answers { get; private set; }

    internal TopicRegistration Registration => new(Name, OnParked)
    {
        Transforms = _payloads.Transforms,
        Claims = _payloads.Claims,
        KeepsHistory = KeepsHistory,
        Partitions = AtLeastOne(Partitions, nameof(Partitions)),
        ReplicationFactor = AtLeastOne(ReplicationFactor, nameof(ReplicationFactor)),
    };

    /// <summary>What was put into the services for this topic.</summary>
    internal HashSet<object?> Registered { get; } = new(ReferenceEqualityComparer.Instance);

    /// <summary>Takes in what is said of the topic, and refuses what contradicts what was said before.</summary>
    internal void Change(Action<TopicConfigurator> configure)
    {
        var before = Settings();
        configure(this);
        foreach (var ((name, was), (_, now), (_, initial)) in before.Zip(Settings(), new TopicConfigurator(Name).Settings()))
        {
            if (!Equals(was, initial) && !Equals(was, now))
            {
                throw new OutboxConfigurationException($"Topic '{Name}' is configured twice, with {name} {was} and with {name} {now}. Set it once.");
            }
        }
    }

    internal void Register(IServiceCollection services)
    {
        Registered.Clear();
        var topic = Registration;
        _payloads.Check(Name, Format, KeepsHistory);
        SequenceRules.Check(topic, Registrations);
        HistoryRules.Check(topic, _entityType is not null, Versions, Registrations);
        Registered.Add(topic);
        services.AddSingleton(topic);
        foreach (var registration in Registrations)
        {
            Registered.Add(registration);
            services.AddSingleton(registration);
        }

        foreach (var state in _history?.States(EntityType, Json) ?? [])
        {
            Registered.Add(state);
            services.AddSingleton(state);
        }

        AnswerRegistration.Add(this, services);
    }

    internal IEnumerable<MessageRegistration> Registrations => _default is null ? _registrations.Select(make => make()) : [OnlyOne(_default)];

    /// <summary>
    /// Says how this topic's messages wait when they come too early, or behind one that failed; what is not set here is as for all topics (<c>o.Sequence</c>). It is for the topic and not for one
    /// type, because all types of a sequence count the same versions: which type is missing, nobody knows.
    /// </summary>
    public void Sequence(Action<SequenceOptions> change) => SequenceChanges.Add(change);

    /// <summary>
    /// Keeps every event of this topic for ever, in the transaction that captures it: the entities can be made of them again. It needs an <see cref="EntityType"/>, and versions that follow one
    /// another: use <c>tx.SaveAsync</c> or <c>tx.AppendAsync</c>, or publish with the entity's next version. Versions that leave one out, or are taken, are refused.
    /// </summary>
    /// <param name="configure">Says what is made of the events.</param>
    public void KeepHistory(Action<HistoryConfigurator>? configure = null)
    {
        _history ??= new HistoryConfigurator(Name);
        configure?.Invoke(_history);
    }

    /// <summary>
    /// Has this service, the owner of the topic, put kept events back for endpoints of others that have missed them and ask (<c>o.Sequence(s => s.AskOwner = …)</c>). It is asked on the topic
    /// <c>orders.repair</c>, for the topic <c>orders</c>, whose endpoint <c>UsingKafkaOutbox</c> adds by itself.
    /// </summary>
    /// <param name="configure">Sets the limits.</param>
    public void AnswerGaps(Action<AnswerOptions>? configure = null)
    {
        Answers ??= new AnswerOptions();
        configure?.Invoke(Answers);
        Answers.Check(Name);
    }

    /// <summary>
    /// Compresses this topic's payloads with zstd when they are published. Small ones, and those that do not become smaller, are published as they are. Consumers know it by the records' headers; this
    /// version of the framework or a later one reads them.
    /// </summary>
    public void Compress() => _payloads.Add(ZstdTransform.TransformName, Name);

    /// <summary>
    /// Encrypts this topic's payloads with AES-GCM when they are published, under the key that <see cref="IPayloadKeys"/> names for the topic. Ids, types, versions and headers stay readable, and so
    /// does what the database has: the outbox holds clear JSON until it is published. Call it after <see cref="Compress"/>.
    /// </summary>
    public void Encrypt() => _payloads.Add(AesGcmTransform.TransformName, Name);

    /// <summary>Has this topic's payloads go through a transform of the user's (<c>o.Payloads(p => p.AddTransform&lt;T&gt;())</c>), after those that were named before.</summary>
    public void Transform(string name) => _payloads.Add(name, Name);

    /// <summary>
    /// Keeps large payloads of this topic apart from their messages, in a store: the record has a reference, and endpoints fetch what it names. On the topic of another service it says where that
    /// service keeps them.
    /// </summary>
    /// <param name="configure">Sets the limit, the store, and who reads them.</param>
    public void ClaimCheck(Action<ClaimCheckOptions>? configure = null) => _payloads.Claim(configure);

    /// <summary>Registers an event type.</summary>
    /// <param name="type">The name on the wire; by default the kebab-case name of <typeparamref name="T"/>.</param>
    /// <param name="configure">Sets what differs from the topic's other messages.</param>
    public void Message<T>(string? type = null, Action<MessageConfigurator>? configure = null)
        where T : class => Add(typeof(T), type, MessageIntent.Event, configure);

    /// <summary>Registers a command type. Commands have a topic of their own: <c>o.Commands("shipping", t => …)</c>.</summary>
    /// <inheritdoc cref="Message{T}"/>
    public void Command<T>(string? type = null, Action<MessageConfigurator>? configure = null)
        where T : class => Add(typeof(T), type, MessageIntent.Command, configure);

    private (string Name, object? Value)[] Settings() =>
    [
        (nameof(EntityType), EntityType), (nameof(Json), Json), (nameof(OnParked), OnParked), (nameof(Versions), Versions), (nameof(Format), Format),
        (nameof(Partitions), Partitions), (nameof(ReplicationFactor), ReplicationFactor), (nameof(Ordering), Ordering), (nameof(OnFailed), OnFailed),
    ];

    /// <summary>
    /// Takes what comes in none of the known formats for plain JSON of this type, the topic's only one, and what has neither value nor headers for its tombstones: for producers
    /// that know nothing of the framework. The key is the entity. Such a message has no version, and the id of its place on Kafka.
    /// </summary>
    public void Default<T>()
        where T : class => _default = typeof(T);

    private MessageRegistration OnlyOne(Type type) =>
        _registrations.Select(make => make()).ToList() is [var only] && only.ClrType == type ? only with { IsDefault = true } : throw new OutboxConfigurationException(
            $"t.Default<{type.Name}>() says that all plain JSON on topic '{Name}' is one, but the topic's message types are: "
            + $"{string.Join(", ", _registrations.Select(make => make().ClrType.Name).DefaultIfEmpty("none"))}. Register that type and no other on the topic.");

    private T? AtLeastOne<T>(T? value, string name)
        where T : struct, INumber<T> =>
        value < T.One ? throw new OutboxConfigurationException($"{name} of topic '{Name}' is {value}; it must be at least 1.") : value;

    private void Add(Type clrType, string? type, MessageIntent intent, Action<MessageConfigurator>? configure)
    {
        IntentRules.Check(clrType, intent, Name);
        var message = new MessageConfigurator();
        configure?.Invoke(message);
        _registrations.Add(() => message.Register(
            new MessageRegistration(clrType, type ?? MessageTypeName.Of(clrType), Name, intent, EntityType, Json)
            {
                Format = Format,
                WireFormat = WireFormat,
                Transforms = _payloads.Transforms,
                MaxClaimBytes = _payloads.MaxClaimBytes(KeepsHistory),
                Ordering = Ordering,
                OnFailed = OnFailed,
                KeepsHistory = KeepsHistory,
                Versions = clrType == typeof(CommandRejected) ? null : Versions ?? (KeepsHistory ? VersionSource.Supplied : null),
            }));
    }
}
