using MassTransit;
using MassTransit.Context;
using MassTransit.Initializers;
using MassTransit.Util;

namespace Outbox.Capture;

/// <summary>An endpoint whose messages go into an outbox transaction instead of to a broker. MassTransit's send and publish observers do not see them.</summary>
internal sealed class CapturingSendEndpoint(MessageCapture capture, Uri? destination, Func<Action<IOutboxTransaction>, Task> write) : ISendEndpoint
{
    public ConnectHandle ConnectSendObserver(ISendObserver observer) => new EmptyConnectHandle();

    public Task Send<T>(T message, CancellationToken cancellationToken = default)
        where T : class => Capture(message, null, cancellationToken);

    public Task Send<T>(T message, IPipe<SendContext<T>> pipe, CancellationToken cancellationToken = default)
        where T : class => Capture(message, pipe, cancellationToken);

    public Task Send<T>(T message, IPipe<SendContext> pipe, CancellationToken cancellationToken = default)
        where T : class => Capture(message, pipe, cancellationToken);

    public Task Send(object message, CancellationToken cancellationToken = default) =>
        SendEndpointConverterCache.Send(this, message, message.GetType(), cancellationToken);

    public Task Send(object message, Type messageType, CancellationToken cancellationToken = default) =>
        SendEndpointConverterCache.Send(this, message, messageType, cancellationToken);

    public Task Send(object message, IPipe<SendContext> pipe, CancellationToken cancellationToken = default) =>
        SendEndpointConverterCache.Send(this, message, message.GetType(), pipe, cancellationToken);

    public Task Send(object message, Type messageType, IPipe<SendContext> pipe, CancellationToken cancellationToken = default) =>
        SendEndpointConverterCache.Send(this, message, messageType, pipe, cancellationToken);

    public Task Send<T>(object values, CancellationToken cancellationToken = default)
        where T : class => Initialize<T>(values, null, cancellationToken);

    public Task Send<T>(object values, IPipe<SendContext<T>> pipe, CancellationToken cancellationToken = default)
        where T : class => Initialize(values, pipe, cancellationToken);

    public Task Send<T>(object values, IPipe<SendContext> pipe, CancellationToken cancellationToken = default)
        where T : class => Initialize<T>(values, pipe, cancellationToken);

    private Task Capture<T>(T message, IPipe<SendContext<T>>? pipe, CancellationToken cancellationToken)
        where T : class => capture.CaptureAsync(message, pipe, destination, write, cancellationToken);

    private async Task Initialize<T>(object values, IPipe<SendContext<T>>? pipe, CancellationToken cancellationToken)
        where T : class
    {
        var (message, initialized) = await MessageInitializerCache<T>.InitializeMessage(values, pipe ?? Pipe.Empty<SendContext<T>>(), cancellationToken)
            .ConfigureAwait(false);
        await Capture(message, initialized, cancellationToken).ConfigureAwait(false);
    }
}
