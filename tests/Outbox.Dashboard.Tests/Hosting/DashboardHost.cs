using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MongoDB.Driver;

namespace Outbox.Dashboard.Tests.Hosting;

/// <summary>A service on a real server, with a database of its own, that maps the dashboard or the API. It publishes nothing: what is parked in it, a test parks.</summary>
internal sealed class DashboardHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly List<HttpClient> _clients = [];

    private DashboardHost(WebApplication app, string pathBase) => (_app, PathBase) = (app, pathBase);

    public string PathBase { get; }

    public IServiceProvider Services => _app.Services;

    public T Get<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    public IMongoDatabase Documents => Get<IMongoDatabase>();

    /// <summary>Puts messages there.</summary>
    public Shelf Shelf => new(_app.Services);

    /// <summary>The server: <c>http://127.0.0.1:41234</c>.</summary>
    public Uri Server => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    public static async Task<DashboardHost> StartAsync(HostSettings settings)
    {
        var app = await BuildAsync(settings);
        try
        {
            await app.StartAsync();
            return new DashboardHost(app, settings.PathBase);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    private static async Task<WebApplication> BuildAsync(HostSettings settings)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { EnvironmentName = settings.Environment, ApplicationName = typeof(DashboardHost).Assembly.GetName().Name });
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var complaints = new Complaints();
        builder.Logging.AddProvider(complaints).SetMinimumLevel(LogLevel.None).AddFilter<Complaints>("Outbox.Dashboard", LogLevel.Error);
        builder.Services.AddSingleton(complaints);
        builder.Services.AddRoutingCore();
        TestAuthentication.Add(builder.Services);
        await AddOutboxAsync(builder.Services, settings);
        builder.Services.AddOutboxDashboard(o =>
        {
            // A loaded machine is not what is tested.
            o.QueryTimeout = TimeSpan.FromSeconds(30);
            settings.Dashboard(o);
        });
        settings.Services(builder.Services);

        var app = builder.Build();
        if (settings.PathBase.Length > 0)
        {
            app.UsePathBase(settings.PathBase);
        }

        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        settings.Map(app);
        return app;
    }

    public static async Task AddOutboxAsync(IServiceCollection services, HostSettings settings)
    {
        var connection = settings.MongoDb ?? (await TestServers.GetAsync()).MongoDb.ConnectionString;
        services.AddOutbox(o =>
        {
            o.UseMongoDb(m => (m.Connection, m.DatabaseName) = (connection, $"t{Guid.NewGuid():N}"));
            o.RelayEnabled = false;
            o.Topic("orders", t =>
            {
                t.EntityType = "order";
                t.Message<OrderPlaced>();
            });
            o.Set(settings.Outbox);
        });
    }

    /// <summary>A program that asks, as a person or as nobody. Its addresses begin at the path base: <c>client.GetAsync("outbox/api/v1/overview")</c>.</summary>
    public HttpClient Client(Person? person = null)
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = new Uri(Server, PathBase + "/") };
        if (person is not null)
        {
            client.DefaultRequestHeaders.Add(Person.Header, person.ToString());
        }

        _clients.Add(client);
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        _clients.ForEach(client => client.Dispose());
        var complaints = Get<Complaints>().All;
        await _app.StopAsync();
        await _app.DisposeAsync();
        Assert.True(complaints.Count == 0, string.Join(System.Environment.NewLine, complaints));
    }
}
