using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;
using MassTransit;
using MassTransit.Configuration;
using MassTransit.DependencyInjection;
using MassTransit.Middleware;
using MassTransit.Transports;
using Microsoft.Extensions.DependencyInjection;

namespace Outbox.Delivery;

/// <summary>
/// The bus's transports with its topology (addresses, correlation, routing keys), but without its filters and observers: for messages that those have seen when they were captured. The endpoint
/// that the transports are asked of is never started.
/// </summary>
internal sealed class QuietEndpoints(IBusInstance bus)
{
    private const string Name = "outbox-relay";

    private static readonly MethodInfo CreateMethod = typeof(QuietEndpoints).GetMethod(nameof(CreatePublishedAsync), BindingFlags.Instance | BindingFlags.NonPublic)!;

    private readonly ConcurrentDictionary<Type, ISendEndpoint> _published = new();
    private readonly ConcurrentDictionary<Uri, ISendEndpoint> _sent = new();
    private readonly Lazy<BaseReceiveEndpointContext> _context = new(() =>
        (BaseReceiveEndpointContext)bus.HostConfiguration.CreateReceiveEndpointConfiguration(Name).CreateReceiveEndpointContext());

    private readonly ISendPipe _sendPipe = new SendPipeConfiguration(bus.BusControl.Topology.SendTopology).CreatePipe();
    private readonly ISendPipe _publishPipe = new TopologyPipe(new PublishPipeConfiguration(bus.BusControl.Topology.PublishTopology).CreatePipe());

    /// <summary>Those of a service's first bus, if MassTransit made it.</summary>
    public static QuietEndpoints? Of(IServiceProvider services) => services.GetService<Bind<IBus, IBusInstance>>() is { } bus ? new QuietEndpoints(bus.Value) : null;

    /// <summary>Where messages of a type are published.</summary>
    public async ValueTask<ISendEndpoint> OfAsync(Type type) => _published.TryGetValue(type, out var known)
        ? known
        : _published.GetOrAdd(type, await ((Task<ISendEndpoint>)CreateMethod.MakeGenericMethod(type).Invoke(this, null)!).ConfigureAwait(false));

    /// <summary>An address.</summary>
    public async ValueTask<ISendEndpoint> OfAsync(Uri address) =>
        _sent.TryGetValue(address, out var known) ? known : _sent.GetOrAdd(address, await CreateSentAsync(address).ConfigureAwait(false));

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "CreateSendTransportProvider")]
    private static extern ISendTransportProvider SendTransports(BaseReceiveEndpointContext context);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "CreatePublishTransportProvider")]
    private static extern IPublishTransportProvider PublishTransports(BaseReceiveEndpointContext context);

    private async Task<ISendEndpoint> CreatePublishedAsync<T>()
        where T : class
    {
        var address = bus.BusControl.Topology.TryGetPublishAddress(typeof(T), out var found) ? found : throw new OutboxException($"The bus has no address to publish {typeof(T).FullName} to.");
        return new SendEndpoint(await PublishTransports(_context.Value).GetPublishTransport<T>(address).ConfigureAwait(false), _context.Value, address, _publishPipe);
    }

    private async Task<ISendEndpoint> CreateSentAsync(Uri given)
    {
        var transports = SendTransports(_context.Value);
        var address = transports.NormalizeAddress(given);
        return new SendEndpoint(await transports.GetSendTransport(address).ConfigureAwait(false), _context.Value, address, _sendPipe);
    }

    private sealed class TopologyPipe(IPublishPipe publish) : ISendPipe
    {
        public Task Send<T>(SendContext<T> context)
            where T : class => publish.Send(context.GetPayload<PublishContext<T>>());

        public void Probe(ProbeContext context) => publish.Probe(context);
    }
}
