using MassTransit;
using MassTransit.Serialization;
using MassTransit.Transports;
using Outbox.Capture;
using Outbox.Kafka.Asking.Wire;
using Outbox.Kafka.Inbox.Running;

namespace Outbox.Kafka.Asking.Answering;

/// <summary>MassTransit's receive pipeline of the endpoint: its retries, filters, scopes, observers and consumers.</summary>
internal sealed class AnswerPipeline(ReceiveEndpointContext context, string endpoint)
{
    private readonly IReceivePipeDispatcher _pipe = context.CreateReceivePipeDispatcher();
    private readonly QueryTransaction _none = new(endpoint);

    public async Task RunAsync(AskedRequest request, object content, Answer answer)
    {
        LogContext.SetCurrentIfNull(context.LogContext);
        var endpoints = new AnswerEndpoints(request.ReplyTo.Uri, context, answer, _none);
        var received = new WireReceiveContext(request.Message.Record.Value, request.Headers, context)
        {
            Abandoned = request.Message.Lifetime.Abandoned,
            Sending = endpoints,
            Publishing = endpoints,
        };
        var known = new WireContext(request.Headers, received, request.Id) { ReplyTo = request.ReplyTo, Deadline = request.Deadline };
        ConsumeContext consumed = new BodyConsumeContext(received, new DecodedSerializerContext(known, content));
        received.AddOrUpdatePayload(() => consumed, _ => consumed);
        using var ambient = AmbientTransaction.Enter(_none);
        await _pipe.Dispatch(received, Pipeline.NoLock.Instance).ConfigureAwait(false);
    }
}
