using Microsoft.Extensions.DependencyInjection;

namespace Outbox.Tests.Configuration;

/// <summary>Who forgets a part reads which call is missing, and not which constructor lacks what.</summary>
public sealed class MissingPartsTests
{
    private static readonly (string, string)[] Away = [("MongoDb:Connection", "mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=200"), ("MongoDb:DatabaseName", "orders")];

    [Fact]
    public async Task G9_without_a_store_the_start_says_what_to_call()
    {
        var said = await Start.RefusedAsync(services => services.AddOutbox(o => o.UseKafka(k => k.BootstrapServers = "127.0.0.1:1")));
        Assert.Contains("Nothing says where messages are stored. Call o.UseMongoDb(…)", said, StringComparison.Ordinal);
        Assert.DoesNotContain("Unable to resolve", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task G9_without_a_broker_the_start_says_what_to_call()
    {
        var said = await Start.RefusedAsync(services => services.AddOutbox(o => o.UseMongoDb()), Away);
        Assert.Contains("Nothing says where messages are published. Call o.UseKafka(…)", said, StringComparison.Ordinal);
        Assert.DoesNotContain("Unable to resolve", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_process_that_only_captures_needs_no_broker()
    {
        var said = await Start.RefusedAsync(services => services.AddOutbox(o => o.UseMongoDb()), [("RelayEnabled", "false"), .. Away]);
        Assert.DoesNotContain("o.UseKafka", said, StringComparison.Ordinal);
        Assert.Contains("MongoDB does not answer", said, StringComparison.Ordinal);
    }

    [Fact]
    public Task One_module_may_say_what_another_leaves_out() => Start.WorksAsync(services =>
    {
        services.AddOutbox(_ => { });
        services.AddOutbox(Testing);
        services.AddOutbox(_ => { });
    });

    private static void Testing(OutboxConfigurator outbox)
    {
        outbox.Services.AddLogging();
        outbox.UseInMemory();
    }
}
