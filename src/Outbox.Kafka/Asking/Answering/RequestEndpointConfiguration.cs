using MassTransit;
using MassTransit.Configuration;
using MassTransit.Middleware;
using MassTransit.Transports;
using Microsoft.Extensions.DependencyInjection;
using Outbox.Kafka.Asking.Wire;
using Outbox.Kafka.Inbox.Endpoint;
using Outbox.Kafka.Inbox.Parts;
using Outbox.Messages.Registration;

namespace Outbox.Kafka.Asking.Answering;

/// <summary>Builds one endpoint that answers, on MassTransit's receive pipeline: without the inbox, and without a transaction.</summary>
internal sealed class RequestEndpointConfiguration : ReceiveEndpointConfiguration, IReceiveEndpointConfigurator
{
    private readonly IBusInstance _bus;
    private readonly RequestEndpointDefinition _definition;

    public RequestEndpointConfiguration(IBusInstance bus, RequestEndpointDefinition definition)
        : base(bus.HostConfiguration, bus.HostConfiguration.CreateReceiveEndpointConfiguration(definition.Name))
    {
        (_bus, _definition) = (bus, definition);
        InputAddress = new Uri(HostAddress, definition.Name);
        var unsupported = new Unsupported(definition.ToString());
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

    public override ReceiveEndpointContext CreateReceiveEndpointContext() => new TopicEndpointContext(_bus, this);

    /// <summary>Called after the user's callback: of two error or dead letter filters the first wins.</summary>
    public ReceiveEndpoint Build(IRiderRegistrationContext services)
    {
        ConfigureError(x => x.UseFilter(new RethrowErrorTransportFilter()));
        ConfigureDeadLetter(x => x.UseExecute(_ => throw new OutboxException("No consumer of this endpoint took the request.")));
        Validate().ThrowIfContainsFailure($"{_definition} is misconfigured:");
        var types = new RequestTypes(this, _definition);
        ApplySpecifications(types);
        types.Check(services.GetRequiredService<MessageRegistry>());
        var settings = new TopicEndpointSettings
        {
            Topic = _definition.Topic,
            Group = _definition.Group,
            PrefetchCount = PrefetchCount,
            ConcurrentMessageLimit = ConcurrentMessageLimit ?? PrefetchCount,
            MayLoseMessages = true,
        };
        settings.Validate();
        var parts = new AnswerParts(services, settings, types);
        settings.Validate(parts.Kafka);
        var context = CreateReceiveEndpointContext();
        ReceiveEndpoint = new ReceiveEndpoint(new LoopTransport(context, new { settings.Topic, settings.Group }, stopping => parts.Start(context, stopping)), context);
        return (ReceiveEndpoint)ReceiveEndpoint;
    }
}
