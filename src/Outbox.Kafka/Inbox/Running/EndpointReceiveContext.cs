using System.Diagnostics;
using System.Net.Mime;
using MassTransit;
using MassTransit.Middleware;
using MassTransit.Observables;
using MassTransit.Transports;
using MassTransit.Util;

namespace Outbox.Kafka.Inbox.Running;

/// <summary>
/// A receive context that has what it is asked for when it is asked. MassTransit's own base class makes a dozen objects for each message, of which most consumers use none, and a batch has its
/// messages in memory all at once.
/// </summary>
/// <param name="endpoint">The endpoint.</param>
/// <param name="redelivered">Whether the message was delivered before.</param>
/// <param name="payloads">What is known of the message; what is not is <see langword="null"/>.</param>
internal abstract class EndpointReceiveContext(ReceiveEndpointContext endpoint, bool redelivered, object?[] payloads) : ScopePipeContext(endpoint), ReceiveContext
{
    private readonly long _received = Stopwatch.GetTimestamp();
    private PendingTaskCollection? _tasks;
    private Headers? _headers;
    private ISendEndpointProvider? _sending;

    public TimeSpan ElapsedTime => Stopwatch.GetElapsedTime(_received);

    public Uri InputAddress => endpoint.InputAddress;

    public ContentType ContentType => (TransportHeaders.TryGetHeader("Content-Type", out var found) && found is string text ? ContentTypeOf(text) : null)!;

    public bool Redelivered => redelivered;

    public Headers TransportHeaders => _headers ??= new JsonTransportHeaders(HeaderProvider);

    public Task ReceiveCompleted => Volatile.Read(ref _tasks)?.Completed(CancellationToken) ?? Task.CompletedTask;

    public bool IsDelivered { get; private set; }

    public bool IsFaulted { get; private set; }

    public ISendEndpointProvider SendEndpointProvider => _sending ??= SendingWith(endpoint.SendEndpointProvider);

    public IPublishEndpointProvider PublishEndpointProvider => endpoint.PublishEndpointProvider;

    public bool PublishFaults => endpoint.PublishFaults;

    public abstract MessageBody Body { get; }

    protected abstract IHeaderProvider HeaderProvider { get; }

    public void AddReceiveTask(Task task) => LazyInitializer.EnsureInitialized(ref _tasks, static () => new PendingTaskCollection(1)).Add(task);

    public Task NotifyConsumed<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType)
        where T : class
    {
        IsDelivered = true;
        context.LogConsumed(duration, consumerType);
        return endpoint.ReceiveObservers is ReceiveObservable { Count: 0 } ? Task.CompletedTask : endpoint.ReceiveObservers.PostConsume(context, duration, consumerType);
    }

    public Task NotifyFaulted<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType, Exception exception)
        where T : class
    {
        IsFaulted = true;
        if (exception is OperationCanceledException cancelled && cancelled.CancellationToken == context.CancellationToken)
        {
            context.LogCanceled(duration, consumerType);
        }
        else
        {
            context.LogFaulted(duration, consumerType, exception);
        }

        GetOrAddPayload<ConsumerFaultContext>(() => new FaultedConsumer(TypeCache<T>.ShortName, consumerType));
        return endpoint.ReceiveObservers.ConsumeFault(context, duration, consumerType, exception);
    }

    public Task NotifyFaulted(Exception exception)
    {
        IsFaulted = true;
        this.LogFaulted(exception);
        return endpoint.ReceiveObservers.ReceiveFault(this, exception);
    }

    public override bool HasPayloadType(Type payloadType) => Array.Exists(payloads, payloadType.IsInstanceOfType) || base.HasPayloadType(payloadType);

    /// <summary>Asked several times for each message; MassTransit's cache takes a lock.</summary>
    public override bool TryGetPayload<T>(out T payload)
    {
        foreach (var known in payloads)
        {
            if (known is T found)
            {
                payload = found;
                return true;
            }
        }

        return base.TryGetPayload(out payload!);
    }

    public override T GetOrAddPayload<T>(PayloadFactory<T> payloadFactory) => TryGetPayload<T>(out var known) ? known : base.GetOrAddPayload(payloadFactory);

    public override T AddOrUpdatePayload<T>(PayloadFactory<T> addFactory, UpdatePayloadFactory<T> updateFactory)
    {
        for (var i = 0; i < payloads.Length; i++)
        {
            if (payloads[i] is T known)
            {
                var updated = updateFactory(known);
                payloads[i] = updated;
                return updated;
            }
        }

        return base.AddOrUpdatePayload(addFactory, updateFactory);
    }

    protected abstract ISendEndpointProvider SendingWith(ISendEndpointProvider endpoints);

    private static ContentType? ContentTypeOf(string text)
    {
        try
        {
            return new ContentType(text);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private sealed record FaultedConsumer(string MessageType, string ConsumerType) : ConsumerFaultContext;
}
