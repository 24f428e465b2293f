using System.Diagnostics;
using System.Net.Mime;
using System.Text;
using MassTransit;
using MassTransit.Middleware;
using MassTransit.Observables;
using MassTransit.Transports;
using MassTransit.Util;
using Outbox.Diagnostics;
using Outbox.Kafka.Formats.Wire;

namespace Outbox.Kafka.Inbox.Running;

/// <summary>
/// A record as MassTransit's transports hand messages over. It has what it is asked for when it is asked: MassTransit's own base class makes a dozen objects for each message, of which most
/// consumers use none, and a batch has its messages in memory all at once.
/// </summary>
/// <param name="endpoint">The endpoint.</param>
/// <param name="value">The record's value.</param>
/// <param name="headers">The record's headers.</param>
/// <param name="payloads">What is known of the message, and <see langword="null"/> for what is not; the context's own from here on.</param>
internal abstract class EndpointReceiveContext(ReceiveEndpointContext endpoint, byte[]? value, WireHeaders headers, object?[] payloads)
    : ScopePipeContext(endpoint), ReceiveContext, IHeaderProvider
{
    private const string ActivityId = "MT-Activity-Id";

    private readonly long _received = Stopwatch.GetTimestamp();
    private PendingTaskCollection? _tasks;
    private Headers? _headers;
    private MessageBody? _body;

    public TimeSpan ElapsedTime => Stopwatch.GetElapsedTime(_received);

    public Uri InputAddress => endpoint.InputAddress;

    public ContentType ContentType => ContentTypeOf("Content-Type") ?? ContentTypeOf("ContentType")!;

    public virtual bool Redelivered => false;

    public Headers TransportHeaders => _headers ??= new JsonTransportHeaders(this);

    public Task ReceiveCompleted => Volatile.Read(ref _tasks)?.Completed(CancellationToken) ?? Task.CompletedTask;

    public bool IsDelivered { get; private set; }

    public bool IsFaulted { get; private set; }

    public virtual ISendEndpointProvider SendEndpointProvider => endpoint.SendEndpointProvider;

    public virtual IPublishEndpointProvider PublishEndpointProvider => endpoint.PublishEndpointProvider;

    public bool PublishFaults => endpoint.PublishFaults;

    public MessageBody Body => _body ??= new BytesMessageBody(value ?? []);

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
        var at = Array.FindIndex(payloads, static known => known is T);
        if (at < 0)
        {
            return base.AddOrUpdatePayload(addFactory, updateFactory);
        }

        // A message's consumers run in parallel.
        lock (payloads)
        {
            var updated = updateFactory((T)payloads[at]!);
            payloads[at] = updated;
            return updated;
        }
    }

    public IEnumerable<KeyValuePair<string, object>> GetAll()
    {
        // The first of a name, as MassTransit's own rider does it.
        foreach (var (name, bytes) in headers.All().DistinctBy(header => header.Key))
        {
            if (bytes is not null)
            {
                yield return new KeyValuePair<string, object>(name, Encoding.UTF8.GetString(bytes));
            }
        }
    }

    public bool TryGetHeader(string key, out object value)
    {
        // MassTransit's span would be a second child of the message's creation; it is part of ours.
        var found = key == ActivityId && Activity.Current is { } current && current.Source == OutboxTelemetry.Activities ? current.Id : headers.AsMassTransitReads.Text(key);
        value = found!;
        return found is not null;
    }

    private ContentType? ContentTypeOf(string header)
    {
        try
        {
            return headers.AsMassTransitReads.Text(header) is { Length: > 0 } text ? new ContentType(text) : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private sealed record FaultedConsumer(string MessageType, string ConsumerType) : ConsumerFaultContext;
}
