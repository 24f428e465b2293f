using MassTransit;
using MassTransit.Context;
using MassTransit.Initializers;
using Outbox.Kafka.Asking.Topics;

namespace Outbox.Kafka.Asking.Clients;

/// <summary>One request as MassTransit's client sees it: what sends it, and what its answer is waited for with. MassTransit sends it when all types of answers are known.</summary>
internal sealed class Request<T>(RequestDefinition definition, Requests requests, TimeSpan wait, ConsumeContext? consumed) : ClientFactoryContext, IRequestSendEndpoint<T>
    where T : class
{
    private static readonly Uri Replies = new("outbox-reply:");

    private readonly PendingRequest _pending = new();

    public RequestTimeout DefaultTimeout => wait;

    public Uri ResponseAddress => Replies;

    public ConnectHandle ConnectRequestPipe<TAnswer>(Guid requestId, IPipe<ConsumeContext<TAnswer>> pipe)
        where TAnswer : class => _pending.Expect(pipe);

    public ConnectHandle ConnectConsumePipe<TMessage>(IPipe<ConsumeContext<TMessage>> pipe)
        where TMessage : class => throw OnlyRequests();

    public ConnectHandle ConnectConsumePipe<TMessage>(IPipe<ConsumeContext<TMessage>> pipe, ConnectPipeOptions options)
        where TMessage : class => throw OnlyRequests();

    public IRequestSendEndpoint<TOther> GetRequestEndpoint<TOther>(ConsumeContext? consumeContext)
        where TOther : class => throw OnlyRequests();

    public IRequestSendEndpoint<TOther> GetRequestEndpoint<TOther>(Uri destinationAddress, ConsumeContext? consumeContext)
        where TOther : class => throw OnlyRequests();

    public async Task<T> Send(Guid requestId, object values, IPipe<SendContext<T>> pipe, CancellationToken cancellationToken)
    {
        var initialized = await MessageInitializerCache<T>.InitializeMessage(values, pipe, cancellationToken).ConfigureAwait(false);
        await Send(requestId, initialized.Message, initialized.Pipe, cancellationToken).ConfigureAwait(false);
        return initialized.Message;
    }

    /// <summary>Ends when the answer is there: an error that tells why there is none can only be thrown here.</summary>
    public async Task Send(Guid requestId, T message, IPipe<SendContext<T>> pipe, CancellationToken cancellationToken)
    {
        var context = new MessageSendContext<T>(message, cancellationToken) { ConversationId = consumed?.ConversationId ?? consumed?.CorrelationId };
        await pipe.Send(context).ConfigureAwait(false);
        await requests.AskAsync(_pending, new Question(definition, requestId, message, wait, context), cancellationToken).ConfigureAwait(false);
    }

    private static NotSupportedException OnlyRequests() => new("The client of one request sends that and nothing else.");
}
