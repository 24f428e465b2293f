using MassTransit;
using MassTransit.Context;
using MassTransit.Observables;
using MassTransit.Transports;

namespace Outbox.Capture.Calls;

/// <summary>Where MassTransit's pipes end for a captured message: in an outbox transaction instead of a broker. As any transport, it tells the bus's observers.</summary>
/// <param name="capture">Captures.</param>
/// <param name="destination">Where the message is sent; <see langword="null"/> where it is published.</param>
internal sealed class CaptureTransport(MessageCapture capture, Uri? destination) : ISendTransport
{
    private readonly SendObservable _observers = new();

    public ConnectHandle ConnectSendObserver(ISendObserver observer) => _observers.Connect(observer);

    public async Task<SendContext<T>> CreateSendContext<T>(T message, IPipe<SendContext<T>> pipe, CancellationToken cancellationToken)
        where T : class => await CreateAsync(message, pipe, cancellationToken).ConfigureAwait(false);

    public async Task Send<T>(T message, IPipe<SendContext<T>> pipe, CancellationToken cancellationToken)
        where T : class
    {
        var context = await CreateAsync(message, pipe, cancellationToken).ConfigureAwait(false);
        try
        {
            await _observers.PreSend(context).ConfigureAwait(false);
            await capture.CaptureAsync(context, destination).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            await _observers.SendFault(context, error).ConfigureAwait(false);
            throw;
        }

        await _observers.PostSend(context).ConfigureAwait(false);
    }

    private async Task<MessageSendContext<T>> CreateAsync<T>(T message, IPipe<SendContext<T>> pipe, CancellationToken cancellationToken)
        where T : class
    {
        var context = new MessageSendContext<T>(message, cancellationToken) { MessageId = capture.NewId(), IsPublish = destination is null };
        await pipe.Send(context).ConfigureAwait(false);
        return context;
    }
}
