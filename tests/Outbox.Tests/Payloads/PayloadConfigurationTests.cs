using Microsoft.Extensions.DependencyInjection;
using Outbox.Messages;
using Outbox.Payloads;
using Outbox.Payloads.Applying;

namespace Outbox.Tests.Payloads;

public sealed class PayloadConfigurationTests
{
    [Fact]
    public void A_format_whose_readers_know_only_plain_JSON_is_refused()
    {
        var error = Assert.Throws<OutboxConfigurationException>(() => Chains.Service(t =>
        {
            t.Format = MessageFormat.MassTransit;
            t.Compress();
        }));

        Assert.Contains("MassTransit", error.Message);
    }

    [Fact]
    public void What_is_encrypted_is_not_compressed_afterwards()
    {
        var error = Assert.Throws<OutboxConfigurationException>(() => Chains.Service(t =>
        {
            t.Encrypt();
            t.Compress();
        }));

        Assert.Contains("t.Compress() before t.Encrypt()", error.Message);
    }

    [Theory]
    [InlineData("Claim me")]
    [InlineData("claim")]
    [InlineData("")]
    public void A_transform_has_a_name_that_a_header_can_have(string name) =>
        Assert.Throws<OutboxConfigurationException>(() => Chains.Service(t => t.Transform(name)));

    [Fact]
    public async Task An_encrypted_topic_without_keys_stops_the_start() => await RefusesAsync(t => t.Encrypt(), "UseKeys");

    [Fact]
    public async Task A_transform_that_nobody_added_stops_the_start() => await RefusesAsync(t => t.Transform("reverse"), "'reverse'");

    [Fact]
    public async Task Claims_without_a_store_stop_the_start() => await RefusesAsync(t => t.ClaimCheck(c => c.Store = "elsewhere"), "nothing says where");

    [Fact]
    public async Task Claims_above_what_Kafka_takes_stop_the_start() => await RefusesAsync(t => t.ClaimCheck(c => c.AboveBytes = 950_000), "Outbox:MaxPayloadBytes");

    [Fact]
    public void A_claim_limit_below_the_one_above_which_claims_begin_is_refused() =>
        Assert.Throws<OutboxConfigurationException>(() => Chains.Service(t => t.ClaimCheck(c => (c.AboveBytes, c.MaxBytes) = (1_000, 10))));

    [Theory]
    [InlineData("payload.encoding")]
    [InlineData("Payload.Anything")]
    public void Headers_of_the_transforms_are_reserved(string name) => Assert.True(ReservedHeaders.Contains(name));

    private static async Task RefusesAsync(Action<TopicConfigurator> topic, string says)
    {
        await using var service = Chains.Service(topic);
        var check = ActivatorUtilities.CreateInstance<PayloadCheck>(service);

        var error = await Assert.ThrowsAsync<OutboxConfigurationException>(() => check.StartingAsync(default));

        Assert.Contains(says, error.Message);
    }
}
