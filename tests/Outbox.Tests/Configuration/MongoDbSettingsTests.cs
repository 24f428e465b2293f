using Microsoft.Extensions.DependencyInjection;
using MongoDB.Driver;

namespace Outbox.Tests.Configuration;

public sealed class MongoDbSettingsTests
{
    private const string Away = "mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=200";

    [Theory]
    [InlineData("mongodb://shop:s3cr3t@host:notaport/")]
    [InlineData("mongodb://shop:s3cr3t%21@host:notaport/")]
    [InlineData("mongodb://shop:s3cr3t@@host/")]
    [InlineData("mongodb://shop:s3cr3t/@host/")]
    [InlineData("mongodb://shop:s3cr3t host")]
    [InlineData("mongodb+srv://shop:s3cr3t@host:27017/")]
    [InlineData("mongodb+srv://shop:s3cr3t@localhost/?serverSelectionTimeoutMS=200")]
    [InlineData("mongodb//shop:s3cr3t@host")]
    [InlineData("shop:s3cr3t@host")]
    [InlineData(" mongodb://shop:s3cr3t@host")]
    [InlineData("mongodb://shop:s3cr3t@host/?authMechanism=UNHEARD-OF")]
    [InlineData("mongodb://shop:s3cr3t@127.0.0.1:1/?serverSelectionTimeoutMS=200")]
    [InlineData("mongodb://shop:%73%33cr3t@127.0.0.1:1/?serverSelectionTimeoutMS=200")]
    public async Task A_password_is_in_no_error_and_in_no_log(string connection)
    {
        var said = await RefusedAsync(_ => { }, ("MongoDb:Connection", connection), ("MongoDb:DatabaseName", "orders"));
        Assert.DoesNotContain("s3cr3t", said, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("%73%33cr3t", said, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("Outbox:MongoDb:Connection", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_password_in_a_clients_own_connection_string_is_in_no_error_of_ours()
    {
        var said = await RefusedAsync(services => services.AddSingleton<IMongoClient>(_ => new MongoClient("mongodb://shop:s3cr3t@host:notaport")), ("MongoDb:DatabaseName", "orders"));
        Assert.DoesNotContain("s3cr3t", said, StringComparison.Ordinal);
        Assert.Contains("The IMongoClient or IMongoDatabase that the service registers cannot be made", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_wrong_with_a_connection_string_is_named() => Assert.Contains(
        "the value of its option 'maxPoolSize' cannot be read",
        await RefusedAsync(_ => { }, ("MongoDb:Connection", "mongodb://shop:s3cr3t@host/?w=majority&maxPoolSize=many"), ("MongoDb:DatabaseName", "orders")),
        StringComparison.Ordinal);

    [Fact]
    public async Task A_server_that_is_away_is_named_with_the_setting() => Assert.Contains(
        "MongoDB does not answer at 127.0.0.1:1; the address is Outbox:MongoDb:Connection",
        await RefusedAsync(_ => { }, ("MongoDb:Connection", Away), ("MongoDb:DatabaseName", "orders")),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("MongoDb:DatabaseName", "my orders", "Outbox:MongoDb:DatabaseName is 'my orders', which MongoDB does not allow")]
    [InlineData("MongoDb:DatabaseName", "", "Outbox:MongoDb:DatabaseName is missing")]
    [InlineData("MongoDb:Connection", "", "Outbox:MongoDb:Connection is missing")]
    [InlineData("MongoDb:CollectionPrefix", "system.", "Outbox:MongoDb:CollectionPrefix is 'system.'")]
    [InlineData("MongoDb:CollectionPrefix", "a$b", "Outbox:MongoDb:CollectionPrefix is 'a$b'")]
    [InlineData("MongoDb:KeepTombstonesFor:orders", "00:00:00.5", "Outbox:MongoDb:KeepTombstonesFor has a time below 1 second")]
    public async Task G9_a_setting_that_cannot_work_stops_the_start(string setting, string value, string expected) => Assert.Contains(
        expected, await RefusedAsync(_ => { }, ("MongoDb:Connection", Away), ("MongoDb:DatabaseName", "orders"), (setting, value)), StringComparison.Ordinal);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_scoped_database_is_refused_with_a_sentence(bool before)
    {
        var said = await RefusedAsync(
            services => services.AddScoped(_ => new MongoClient(Away).GetDatabase("tenant")), before, ("MongoDb:Connection", Away), ("MongoDb:DatabaseName", "orders"));
        Assert.Contains("The service registers IMongoDatabase as scoped, but one outbox serves all scopes", said, StringComparison.Ordinal);
        Assert.DoesNotContain("Cannot consume scoped", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Settings_that_contradict_a_given_database_are_refused(bool before)
    {
        void Own(IServiceCollection services) => services.AddSingleton(_ => new MongoClient(Away).GetDatabase("orders"));
        Assert.Contains(
            "Outbox:MongoDb:DatabaseName is 'bills', but the IMongoDatabase that the service registers is 'orders'",
            await RefusedAsync(Own, before, ("MongoDb:DatabaseName", "bills")),
            StringComparison.Ordinal);
        Assert.Contains(
            "Outbox:MongoDb:Connection names elsewhere:27017, but the IMongoClient or IMongoDatabase that the service registers is connected to localhost:1",
            await RefusedAsync(Own, before, ("MongoDb:Connection", "mongodb://elsewhere")),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_is_made_from_our_client_needs_the_connection() => Assert.Contains(
        "Outbox:MongoDb:Connection is missing: the IMongoDatabase that the service registers is made from the IMongoClient of the outbox",
        await RefusedAsync(services => services.AddSingleton(provider => provider.GetRequiredService<IMongoClient>().GetDatabase("orders"))),
        StringComparison.Ordinal);

    private static Task<string> RefusedAsync(Action<IServiceCollection> own, params (string, string)[] settings) => RefusedAsync(own, before: true, settings);

    private static Task<string> RefusedAsync(Action<IServiceCollection> own, bool before, params (string, string)[] settings) => Start.RefusedAsync(
        services =>
        {
            if (before)
            {
                own(services);
            }

            services.AddOutbox(o =>
            {
                o.UseMongoDb();
                o.RelayEnabled = false;
            });
            if (!before)
            {
                own(services);
            }
        },
        settings);
}
