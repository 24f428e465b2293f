using MassTransit;
using MassTransit.Context;
using MassTransit.Events;
using MassTransit.Metadata;
using MassTransit.Transports;
using MassTransit.Util;
using Outbox.Kafka.Asking.Wire;

namespace Outbox.Kafka.Asking.Answering;

/// <summary>The answer to one request: where MassTransit's pipes end for what its consumer responds, and for the fault of one that fails.</summary>
internal sealed class Answer(AskedRequest request, AnswerSender sender) : ISendTransport
{
    /// <summary>What became of the request; <see langword="null"/> until its consumer has answered.</summary>
    public string? Outcome { get; private set; }

    public ConnectHandle ConnectSendObserver(ISendObserver observer) => new EmptyConnectHandle();

    public async Task<SendContext<T>> CreateSendContext<T>(T message, IPipe<SendContext<T>> pipe, CancellationToken cancellationToken)
        where T : class => await CreateAsync(message, pipe, cancellationToken).ConfigureAwait(false);

    public async Task Send<T>(T message, IPipe<SendContext<T>> pipe, CancellationToken cancellationToken)
        where T : class
    {
        var context = await CreateAsync(message, pipe, cancellationToken).ConfigureAwait(false);
        await SendAsync(AskedTypes.NameOf(typeof(T)), AskedTypes.Write(message, typeof(T)), context).ConfigureAwait(false);
    }

    /// <summary>Tells the asker what went wrong, where MassTransit has not.</summary>
    public Task FailAsync(Exception error)
    {
        var fault = new ReceiveFaultEvent(HostMetadataCache.Host, error, RequestHeaders.Json, request.Id, [request.Type]);
        return SendAsync(RequestHeaders.Fault, AskedTypes.Write(fault, typeof(Fault)), context: null);
    }

    private async Task SendAsync(string type, byte[] value, SendContext? context)
    {
        var isFault = type == RequestHeaders.Fault;
        if (isFault && request.Message.Lifetime.Abandoned.IsCancellationRequested)
        {
            // It was cancelled, and whoever has its partition now answers it.
            Outcome = "abandoned";
            return;
        }

        if (sender.HasExpired(request, "after"))
        {
            Outcome = "expired";
            return;
        }

        var isSent = isFault ? await sender.SendFaultAsync(request, value, context).ConfigureAwait(false) : await sender.SendAsync(request, type, value, context).ConfigureAwait(false);
        Outcome = !isSent ? "undeliverable" : isFault ? "fault" : "answered";
    }

    private static async Task<MessageSendContext<T>> CreateAsync<T>(T message, IPipe<SendContext<T>> pipe, CancellationToken cancellationToken)
        where T : class
    {
        var context = new MessageSendContext<T>(message, cancellationToken);
        await pipe.Send(context).ConfigureAwait(false);
        return context;
    }
}
