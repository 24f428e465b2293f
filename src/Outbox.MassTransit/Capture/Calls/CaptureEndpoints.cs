using MassTransit;
using MassTransit.Configuration;
using MassTransit.DependencyInjection;
using MassTransit.Transports;
using Microsoft.Extensions.DependencyInjection;

namespace Outbox.Capture.Calls;

/// <summary>Makes capture endpoints when they are first used: then everything is configured.</summary>
internal sealed class CaptureEndpoints
{
    private const string Name = "outbox-capture";

    private readonly IServiceProvider _services;
    private readonly Lazy<ReceiveEndpointContext> _common;

    public CaptureEndpoints(IServiceProvider services, MessageCapture capture)
    {
        (_services, Messages) = (services, capture);
        _common = new Lazy<ReceiveEndpointContext>(() => Create(Host.CreateReceiveEndpointConfiguration(Name), Instance.BusControl.Address));
    }

    public MessageCapture Messages { get; }

    /// <summary>What is published and sent outside of consumers.</summary>
    public ReceiveEndpointContext Common => _common.Value;

    private IBusInstance Instance => _services.GetRequiredService<Bind<IBus, IBusInstance>>().Value;

    private IHostConfiguration Host => Instance.HostConfiguration;

    /// <summary>What the consumers of an endpoint publish and send: the endpoint may have filters of its own.</summary>
    public Lazy<ReceiveEndpointContext> Of(IReceiveEndpointConfigurator endpoint) => endpoint is IReceiveEndpointConfiguration configuration
        ? new Lazy<ReceiveEndpointContext>(() => Create(configuration, configuration.InputAddress))
        : _common;

    private ReceiveEndpointContext Create(IEndpointConfiguration configuration, Uri address) =>
        new CaptureConfiguration(Host, configuration, address, Messages).CreateReceiveEndpointContext();
}
