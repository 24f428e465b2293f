using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Outbox.Delivery.Health;
using Outbox.Delivery.Publishing;
using Outbox.Delivery.Retrying;

namespace Outbox.Tests.Delivery;

public sealed class FailureReportTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly Lines<FailureReport> _log = new();
    private readonly RelayHealth _health;
    private readonly FailureReport _report;

    public FailureReportTests()
    {
        _health = new RelayHealth(_time);
        _report = new FailureReport(_health, Options.Create(new OutboxOptions()), _log);
    }

    [Fact]
    public void A_message_that_keeps_failing_is_logged_at_once_and_then_less_and_less_often()
    {
        for (var failures = 1; failures <= 100; failures++)
        {
            _report.Note(Samples.Message("o1"), PublishResult.Failed("The bus is full."), failures);
        }

        Assert.Equal([209, 209, 209, 209], _log.Ids);
        Assert.Equal(["1", "4", "16", "64"], _log.All.Select(line => line.Text.Split("for the ")[1].Split('.')[0]));
        Assert.Contains("Message order-o1-1 (order-placed) of entity order o1", _log.All[0].Text, StringComparison.Ordinal);
        Assert.Contains("The bus is full. It is tried again", _log.All[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_only_a_newer_instance_knows_is_logged_once_for_each_reason_and_shown_in_health()
    {
        for (var version = 1; version <= 50; version++)
        {
            _report.Note(Samples.Message("o1", version), PublishResult.NotKnown("Nobody here knows the format 'avro'."), failures: 1);
            _report.Note(Samples.Message("o2", version), PublishResult.NotKnown("Nobody here knows the intent 'query'."), failures: 1);
        }

        Assert.Equal([216, 216], _log.Ids);
        Assert.Contains("query", _health.NotKnown?.Error, StringComparison.Ordinal);
    }
}
