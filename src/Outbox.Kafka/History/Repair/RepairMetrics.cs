using System.Diagnostics.Metrics;
using Outbox.Diagnostics;
using Outbox.History.Repair;

namespace Outbox.Kafka.History.Repair;

/// <summary>Counts what the owner of a topic answers.</summary>
internal sealed class RepairMetrics
{
    private readonly Counter<long> _versions;
    private readonly Counter<long> _commands;

    public RepairMetrics(IMeterFactory meters)
    {
        var meter = OutboxTelemetry.Meter(meters);
        _versions = meter.CreateCounter<long>("outbox.history.asked", "{version}", "Versions that others asked for, by what became of them: put back, pending, void or left.");
        _commands = meter.CreateCounter<long>("outbox.history.asks", "{command}", "Commands of those that have missed versions, answered and refused.");
    }

    public void Answered(string topic, GapAnswer answer)
    {
        Count(topic, "answered");
        Add(topic, "put back", answer.PutBack);
        Add(topic, "pending", answer.Pending);
        Add(topic, "void", answer.Void);
        Add(topic, "left", answer.Left);
    }

    public void Refused(string topic) => Count(topic, "refused");

    private void Count(string topic, string outcome) => _commands.Add(1, new KeyValuePair<string, object?>("topic", topic), new KeyValuePair<string, object?>("outcome", outcome));

    private void Add(string topic, string outcome, long versions)
    {
        if (versions > 0)
        {
            _versions.Add(versions, new KeyValuePair<string, object?>("topic", topic), new KeyValuePair<string, object?>("outcome", outcome));
        }
    }
}
