using MassTransit.Events;
using MassTransit.Transports;
using Outbox.Inbox.Health;

namespace Outbox.Kafka.Inbox.Endpoint;

/// <summary>Tells MassTransit's health checks, where it knows the endpoint, and ours, what keeps the endpoint from working, one cause beside the other.</summary>
internal sealed class EndpointHealth(ReceiveEndpointContext? context, EndpointState state, CancellationToken stopping)
{
    public const string Broker = "broker";
    public const string Outage = "outage";
    public const string KillSwitch = "kill switch";
    public const string DeadLetters = "dead letters";
    public const string NoRoom = "no room";
    public const string Uncommitted = "uncommitted";

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Exception> _causes = [];
    private volatile bool _suffers;

    /// <summary>Cancelled when the endpoint stops.</summary>
    public CancellationToken Stopping => stopping;

    /// <summary>What our own health check sees.</summary>
    public EndpointState State => state;

    public Task ReadyAsync() =>
        context is null ? Task.CompletedTask : context.TransportObservers.Ready(new ReceiveTransportReadyEvent(context.InputAddress, isStarted: true));

    /// <summary>The endpoint has stopped; MassTransit starts no endpoint again that did not say so.</summary>
    public Task CompletedAsync()
    {
        state.Stopped();
        return context is null ? Task.CompletedTask : context.TransportObservers.NotifyCompleted(context.InputAddress, NoMetrics.Instance);
    }

    public bool Suffers(string cause)
    {
        // Asked for each message.
        if (!_suffers)
        {
            return false;
        }

        lock (_gate)
        {
            return _causes.ContainsKey(cause);
        }
    }

    /// <returns>Whether this is new: the endpoint did not suffer from it before.</returns>
    public async Task<bool> FaultedAsync(string cause, Exception error)
    {
        lock (_gate)
        {
            if (_causes.TryGetValue(cause, out var known) && known.Message == error.Message)
            {
                return false;
            }

            _causes[cause] = error;
            state.Faulted(cause, error.Message);
            _suffers = true;
        }

        await SayAsync(error).ConfigureAwait(false);
        return true;
    }

    /// <returns>Whether the endpoint suffered from it until now.</returns>
    public async Task<bool> RecoveredAsync(string cause)
    {
        Exception? left;
        lock (_gate)
        {
            if (!_causes.Remove(cause))
            {
                return false;
            }

            state.Recovered(cause);
            left = _causes.Values.FirstOrDefault();
            _suffers = left is not null;
        }

        await (left is null ? ReadyAsync() : SayAsync(left)).ConfigureAwait(false);
        return true;
    }

    /// <summary>What observers make of it is theirs: an endpoint does not end by that.</summary>
    private async Task SayAsync(Exception error)
    {
        try
        {
            await (context?.TransportObservers.Faulted(new ReceiveTransportFaultedEvent(context.InputAddress, error)) ?? Task.CompletedTask).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            context?.LogContext.Error?.Log(failure, "An observer of endpoint {InputAddress} failed.", context.InputAddress);
        }
    }

    /// <summary>Messages are counted elsewhere.</summary>
    private sealed class NoMetrics : DeliveryMetrics
    {
        public static readonly NoMetrics Instance = new();

        public long DeliveryCount => 0;

        public int ConcurrentDeliveryCount => 0;
    }
}
