using MassTransit;
using MassTransit.DependencyInjection;
using MassTransit.Transports;
using Outbox.Capture.Calls;

namespace Outbox.Capture.Injected;

/// <summary>
/// Chooses at each call: the running transaction, or else what <see cref="OutsideTransaction"/> says: one of its own, the bus, or an error.
/// </summary>
internal sealed class AmbientBusContext : ScopedBusContext, ISendEndpointProvider, IPublishEndpointProvider
{
    private readonly ScopedBusContext _bus;
    private readonly CaptureEndpoints _endpoints;
    private readonly OutsideRule _outside;
    private readonly Lazy<IOutbox> _outbox;
    private readonly CallScope _scope;

    public AmbientBusContext(ScopedBusContext bus, CaptureEndpoints endpoints, OutsideRule outside, Lazy<IOutbox> outbox, CallScope scope)
    {
        (_bus, _endpoints, _outside, _outbox, _scope) = (bus, endpoints, outside, outbox, scope);
        var capturing = new PublishEndpoint(this);
        PublishEndpoint = new AmbientPublishEndpoint(bus.PublishEndpoint, type => CapturesNow(type) ? capturing : bus.PublishEndpoint);
    }

    public ISendEndpointProvider SendEndpointProvider => this;

    public IPublishEndpoint PublishEndpoint { get; }

    public IScopedClientFactory ClientFactory => _bus.ClientFactory;

    public async Task<ISendEndpoint> GetSendEndpoint(Uri address)
    {
        var capturing = Capturing(await _endpoints.Common.SendEndpointProvider.GetSendEndpoint(address).ConfigureAwait(false));
        return new AmbientSendEndpoint(_bus.SendEndpointProvider, address, type => CapturesNow(type) ? capturing : null);
    }

    public async Task<ISendEndpoint> GetPublishSendEndpoint<T>()
        where T : class => Capturing(await _endpoints.Common.PublishEndpointProvider.GetPublishSendEndpoint<T>().ConfigureAwait(false));

    public ConnectHandle ConnectSendObserver(ISendObserver observer) => _bus.SendEndpointProvider.ConnectSendObserver(observer);

    public ConnectHandle ConnectPublishObserver(IPublishObserver observer) => _endpoints.Common.PublishEndpointProvider.ConnectPublishObserver(observer);

    /// <summary>Filters get the caller's scope, and in a consumer its context.</summary>
    private ISendEndpoint Capturing(ISendEndpoint endpoint) => _scope.Enter(new CapturingSendEndpoint(endpoint, WriteAsync));

    /// <exception cref="OutboxException">It is neither captured nor may it go to the bus.</exception>
    private bool CapturesNow(Type messageType)
    {
        if (AmbientTransaction.Current is not null || _outside.Choice == OutsideTransaction.OwnTransaction)
        {
            return true;
        }

        _outside.Check(messageType);
        return false;
    }

    private Task WriteAsync(Action<IOutboxTransaction> write)
    {
        if (AmbientTransaction.Current is { } current)
        {
            write(current);
            return Task.CompletedTask;
        }

        return _outside.Choice != OutsideTransaction.OwnTransaction
            ? throw new OutboxException("The transaction of this endpoint has ended. Get the endpoint again where it is used.")
            : _outbox.Value.ExecuteAsync((transaction, _) =>
            {
                write(transaction);
                return Task.CompletedTask;
            });
    }
}
