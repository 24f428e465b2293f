using Confluent.Kafka;
using MassTransit;
using MassTransit.Configuration;
using MassTransit.Middleware;
using MassTransit.Transports;
using MassTransit.Transports.Components;
using Outbox.Inbox;
using Outbox.Kafka.Inbox.Endpoint;
using Outbox.Kafka.Inbox.Parts;
using Outbox.Kafka.Inbox.Reading;
using Outbox.Messages.Registration;

namespace Outbox.Kafka.Inbox.Rider;

/// <summary>Builds one topic endpoint on MassTransit's receive pipeline.</summary>
internal sealed class TopicEndpointConfiguration : ReceiveEndpointConfiguration, ITopicEndpointConfigurator
{
    private readonly IBusInstance _bus;
    private readonly TopicEndpointDefinition _definition;
    private readonly TopicEndpointSettings _settings;

    public TopicEndpointConfiguration(IBusInstance bus, TopicEndpointDefinition definition)
        : base(bus.HostConfiguration, bus.HostConfiguration.CreateReceiveEndpointConfiguration(definition.Name))
    {
        (_bus, _definition) = (bus, definition);
        _settings = new TopicEndpointSettings
        {
            Topic = definition.Topic,
            Group = definition.Group,
            HasSeveralTopics = definition.SharesGroup || definition.Topics.IsPattern,
        };
        InputAddress = new Uri(HostAddress, definition.Name);
        var unsupported = new Unsupported($"TopicEndpoint(\"{definition.Topic}\", \"{definition.Group}\", …)");
        ConnectConsumerConfigurationObserver(unsupported);
        ConnectSagaConfigurationObserver(unsupported);
        ConnectActivityConfigurationObserver(unsupported);
        ConfigureConsumeTopology = false;
        PublishFaults = false;
        PrefetchCount = TopicEndpointSettings.DefaultPrefetchCount;
        ConcurrentMessageLimit = TopicEndpointSettings.DefaultConcurrentMessageLimit;
    }

    public override Uri HostAddress => _bus.HostConfiguration.HostAddress;

    public override Uri InputAddress { get; }

    public LostMessagesPolicy OnLostMessages { set => _settings.OnLostMessages = value; }

    public AutoOffsetReset AutoOffsetReset { set => _settings.AutoOffsetReset = value; }

    public TimeSpan CheckpointInterval { set => _settings.CheckpointInterval = value; }

    public int CheckpointMessageCount { set => _settings.CheckpointMessageCount = value; }

    public int UncommittedMessageLimit { set => _settings.UncommittedMessageLimit = value; }

    public long PrefetchByteLimit { set => _settings.PrefetchByteLimit = value; }

    public int ConcurrentDeliveryLimit { set => _settings.ConcurrentDeliveryLimit = value; }

    public TimeSpan RevokeTimeout { set => _settings.RevokeTimeout = value; }

    public void DeadLetterTopic(string? name = null) => _settings.DeadLetterTopic = name ?? "";

    public void Inbox(Action<InboxOptions> configure) => configure(_settings.Inbox);

    public void UseKillSwitch(Action<KillSwitchOptions>? configure = null)
    {
        _settings.KillSwitch = new KillSwitchOptions();
        configure?.Invoke(_settings.KillSwitch);
    }

    public void SnapshotEvery(TimeSpan interval, params IReadOnlyList<string> collections) => (_settings.SnapshotInterval, _settings.SnapshotCollections) = (interval, collections);

    public bool WholeBatches { set => _settings.WholeBatches = value; }

    public FailurePolicy OnFailed { set => _settings.OnFailed = value; }

    public override ReceiveEndpointContext CreateReceiveEndpointContext() => new TopicEndpointContext(_bus, this);

    /// <summary>Called after the user's callback: of two error or dead letter filters the first wins, and the inbox belongs inside the user's retries.</summary>
    public ReceiveEndpoint Build(IRiderRegistrationContext services, CommandClaims claims)
    {
        ConfigureError(x => x.UseFilter(new RethrowErrorTransportFilter()));
        ConfigureDeadLetter(x => x.UseExecute(_ => throw new OutboxException("No consumer of this endpoint took the message.")));
        this.UseInbox(services, _definition.Group, _settings.Inbox, type => _definition.Topics.Reads(type.Topic));
        var batches = new BatchConsumers();
        ConnectConsumerConfigurationObserver(batches);
        _settings.PrefetchCount = PrefetchCount;
        _settings.ConcurrentMessageLimit = ConcurrentMessageLimit ?? PrefetchCount;
        _settings.Validate();
        Validate().ThrowIfContainsFailure($"Topic endpoint '{_definition.Name}' is misconfigured:");

        var handled = new HandledTypes(this);
        ApplySpecifications(handled);
        handled.Check(services, _definition, claims);
        _settings.HasBatches = batches.Any;
        var parts = new EndpointParts(services, _settings, handled);
        _settings.Batches = _settings.WholeBatches && handled.Connections == 1 && !parts.Holds ? batches.TakeOver() : null;
        var context = CreateReceiveEndpointContext();
        _settings.Validate(parts.Kafka);
        ReceiveEndpoint = new ReceiveEndpoint(new TopicTransport(context, parts), context);
        return (ReceiveEndpoint)ReceiveEndpoint;
    }
}
