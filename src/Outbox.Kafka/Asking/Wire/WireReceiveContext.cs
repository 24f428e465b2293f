using System.Diagnostics;
using System.Text;
using MassTransit;
using MassTransit.Transports;
using Outbox.Diagnostics;
using Outbox.Kafka.Formats.Wire;

namespace Outbox.Kafka.Asking.Wire;

/// <summary>A request or an answer as MassTransit's transports hand messages over.</summary>
internal sealed class WireReceiveContext(byte[]? value, WireHeaders headers, ReceiveEndpointContext endpoint, params object[] payloads)
    : BaseReceiveContext(false, endpoint, payloads), IHeaderProvider
{
    private const string ActivityId = "MT-Activity-Id";

    /// <summary>Ends the work on a request.</summary>
    public CancellationToken Abandoned { get; init; }

    /// <summary>Where a request's consumer sends to, if not to the bus.</summary>
    public ISendEndpointProvider? Sending { get; init; }

    /// <summary>Where a request's consumer publishes to, if not to the bus.</summary>
    public IPublishEndpointProvider? Publishing { get; init; }

    public override CancellationToken CancellationToken => Abandoned;

    public override MessageBody Body { get; } = new BytesMessageBody(value ?? []);

    protected override IHeaderProvider HeaderProvider => this;

    public IEnumerable<KeyValuePair<string, object>> GetAll()
    {
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
        // MassTransit's span is part of ours.
        var found = key == ActivityId && Activity.Current is { } current && current.Source == OutboxTelemetry.Activities ? current.Id : headers.AsMassTransitReads.Text(key);
        value = found!;
        return found is not null;
    }

    protected override ISendEndpointProvider GetSendEndpointProvider() => Sending ?? base.GetSendEndpointProvider();

    protected override IPublishEndpointProvider GetPublishEndpointProvider() => Publishing ?? base.GetPublishEndpointProvider();
}
