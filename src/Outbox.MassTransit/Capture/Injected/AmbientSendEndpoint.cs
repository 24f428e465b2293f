using MassTransit;

namespace Outbox.Capture.Injected;

/// <summary>Hands each call to the endpoint that is right at that moment for its message type, whenever this one was asked for.</summary>
internal sealed class AmbientSendEndpoint(ISendEndpointProvider bus, Uri address, Func<Type, ISendEndpoint?> capturing) : ISendEndpoint
{
    public ConnectHandle ConnectSendObserver(ISendObserver observer) => bus.ConnectSendObserver(observer);

    public async Task Send<T>(T message, CancellationToken cancellationToken = default)
        where T : class => await (await For(typeof(T)).ConfigureAwait(false)).Send(message, cancellationToken).ConfigureAwait(false);

    public async Task Send<T>(T message, IPipe<SendContext<T>> pipe, CancellationToken cancellationToken = default)
        where T : class => await (await For(typeof(T)).ConfigureAwait(false)).Send(message, pipe, cancellationToken).ConfigureAwait(false);

    public async Task Send<T>(T message, IPipe<SendContext> pipe, CancellationToken cancellationToken = default)
        where T : class => await (await For(typeof(T)).ConfigureAwait(false)).Send(message, pipe, cancellationToken).ConfigureAwait(false);

    public Task Send(object message, CancellationToken cancellationToken = default) => Send(message, message.GetType(), cancellationToken);

    public async Task Send(object message, Type messageType, CancellationToken cancellationToken = default) =>
        await (await For(messageType).ConfigureAwait(false)).Send(message, messageType, cancellationToken).ConfigureAwait(false);

    public Task Send(object message, IPipe<SendContext> pipe, CancellationToken cancellationToken = default) =>
        Send(message, message.GetType(), pipe, cancellationToken);

    public async Task Send(object message, Type messageType, IPipe<SendContext> pipe, CancellationToken cancellationToken = default) =>
        await (await For(messageType).ConfigureAwait(false)).Send(message, messageType, pipe, cancellationToken).ConfigureAwait(false);

    public async Task Send<T>(object values, CancellationToken cancellationToken = default)
        where T : class => await (await For(typeof(T)).ConfigureAwait(false)).Send<T>(values, cancellationToken).ConfigureAwait(false);

    public async Task Send<T>(object values, IPipe<SendContext<T>> pipe, CancellationToken cancellationToken = default)
        where T : class => await (await For(typeof(T)).ConfigureAwait(false)).Send<T>(values, pipe, cancellationToken).ConfigureAwait(false);

    public async Task Send<T>(object values, IPipe<SendContext> pipe, CancellationToken cancellationToken = default)
        where T : class => await (await For(typeof(T)).ConfigureAwait(false)).Send<T>(values, pipe, cancellationToken).ConfigureAwait(false);

    private async ValueTask<ISendEndpoint> For(Type messageType) =>
        capturing(messageType) ?? await bus.GetSendEndpoint(address).ConfigureAwait(false);
}
