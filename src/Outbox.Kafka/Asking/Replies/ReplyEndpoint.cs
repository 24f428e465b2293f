using MassTransit;
using MassTransit.Configuration;
using MassTransit.Transports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Outbox.Inbox.Health;
using Outbox.Kafka.Asking.Clients;
using Outbox.Kafka.Asking.Topics;
using Outbox.Kafka.Asking.Wire;
using Outbox.Kafka.Inbox.Endpoint;
using Outbox.Kafka.Inbox.Parts;
using Outbox.Kafka.Inbox.Watching;

namespace Outbox.Kafka.Asking.Replies;

/// <summary>The endpoint that answers come on: it starts and stops with the bus, and its health is the bus's.</summary>
internal sealed class ReplyEndpoint : ReceiveEndpointConfiguration
{
    private readonly IBusInstance _bus;

    public ReplyEndpoint(IBusInstance bus, string name)
        : base(bus.HostConfiguration, bus.HostConfiguration.CreateReceiveEndpointConfiguration(name))
    {
        _bus = bus;
        InputAddress = new Uri(HostAddress, name);
        ConfigureConsumeTopology = false;
        PublishFaults = false;
    }

    public override Uri HostAddress => _bus.HostConfiguration.HostAddress;

    public override Uri InputAddress { get; }

    public override ReceiveEndpointContext CreateReceiveEndpointContext() => new TopicEndpointContext(_bus, this);

    public ReceiveEndpoint Build(IServiceProvider services)
    {
        var consumers = services.GetRequiredService<ReplyConsumers>();
        Validate().ThrowIfContainsFailure($"The endpoint of answers, topic '{consumers.Topic}', is misconfigured:");
        var context = CreateReceiveEndpointContext();
        return new ReceiveEndpoint(new LoopTransport(context, new { consumers.Topic }, stopping => Start(services, consumers, context, stopping)), context);
    }

    private static (EndpointHealth Health, Action<CancellationToken> Loop) Start(
        IServiceProvider services, ReplyConsumers consumers, ReceiveEndpointContext context, CancellationToken stopping)
    {
        var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger(ReplyTopic.LogCategory);
        var kafka = services.GetRequiredService<IOptions<KafkaOptions>>().Value;
        var time = services.GetRequiredService<TimeProvider>();
        var name = new EndpointName(consumers.Topic, new KnownTopics(new TopicSelector(consumers.Topic)));
        var health = new EndpointHealth(context, services.GetRequiredService<EndpointStates>().Of(name.Group, name.Topic), stopping);
        var watches = new Watches(new BrokerWatch(name, health, kafka, time, logger) { JoinsGroup = false }, new ClientWatch(name, new ClientProbe(kafka), time, logger));
        var reader = new ReplyReader(context, services.GetRequiredService<Requests>(), services.GetRequiredService<RequestMetrics>(), logger);
        var loop = new ReplyLoop(consumers, services.GetRequiredService<ReplyBox>(), reader, watches, logger);
        return (health, loop.Run);
    }
}
