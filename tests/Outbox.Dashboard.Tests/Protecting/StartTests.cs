using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Outbox.Dashboard.Tests.Hosting;

namespace Outbox.Dashboard.Tests.Protecting;

public sealed class StartTests
{
    [Fact]
    public async Task Outside_of_development_an_unprotected_mapping_stops_the_start()
    {
        var error = await Assert.ThrowsAsync<OutboxException>(() => DashboardHost.StartAsync(new HostSettings { Map = app => app.MapSomething() }));

        Assert.Contains("""MapSomething("/thing")""", error.Message);
        Assert.Contains("RequireAuthorization", error.Message);
    }

    [Fact]
    public async Task One_protected_mapping_does_not_cover_another() => await Assert.ThrowsAsync<OutboxException>(() => DashboardHost.StartAsync(new HostSettings
    {
        Map = app =>
        {
            app.MapSomething("/one").RequireAuthorization();
            app.MapSomething("/other");
        },
    }));

    [Fact]
    public async Task A_group_around_it_protects_it_and_only_if_it_is_protected_itself()
    {
        await using var host = await DashboardHost.StartAsync(new HostSettings { Map = app => app.MapGroup("/inner").RequireAuthorization("engineers").MapSomething() });

        Assert.Equal(401, (int)(await host.Client().GetAsync("inner/thing/see")).StatusCode);
        Assert.Equal(200, (int)(await host.Client(Person.Reader).GetAsync("inner/thing/see")).StatusCode);
        await Assert.ThrowsAsync<OutboxException>(() => DashboardHost.StartAsync(new HostSettings { Map = app => app.MapGroup("/inner").MapSomething() }));
    }

    [Fact]
    public async Task It_stops_the_start_of_a_host_with_a_startup_class_too()
    {
        // Such a host maps while the server starts, after the services that look first.
        var settings = new HostSettings();
        using var host = await StartupHostAsync(settings, protect: false);

        await Assert.ThrowsAsync<OutboxException>(() => host.StartAsync());
    }

    [Fact]
    public async Task A_host_with_a_startup_class_starts_protected()
    {
        using var host = await StartupHostAsync(new HostSettings(), protect: true);

        await host.StartAsync();
        await host.StopAsync();
    }

    [Fact]
    public async Task In_development_it_stands_open()
    {
        await using var host = await DashboardHost.StartAsync(new HostSettings { Environment = "Development", Map = app => app.MapSomething(), Dashboard = _ => { } });

        Assert.Equal("gone", await (await host.Client().PostAsync("thing/destroy", null)).Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task The_hosts_fallback_policy_suffices_and_is_asked()
    {
        await using var host = await DashboardHost.StartAsync(new HostSettings
        {
            Map = app => app.MapSomething(),
            Services = services => services.Configure<AuthorizationOptions>(o => o.FallbackPolicy = new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build()),
        });

        Assert.Equal(401, (int)(await host.Client().GetAsync("thing/see")).StatusCode);
        Assert.Equal(200, (int)(await host.Client(Person.Reader).GetAsync("thing/see")).StatusCode);
    }

    [Fact]
    public async Task AllowAnonymous_suffices()
    {
        await using var host = await DashboardHost.StartAsync(new HostSettings { Map = app => app.MapSomething().AllowAnonymous(), Dashboard = _ => { } });

        Assert.Equal(200, (int)(await host.Client().GetAsync("thing/see")).StatusCode);
        Assert.Equal(403, (int)(await host.Client().PostAsync("thing/act", null)).StatusCode);
    }

    [Fact]
    public async Task A_policy_that_the_host_does_not_have_stops_the_start_also_in_development()
    {
        var error = await Assert.ThrowsAsync<OutboxException>(() => DashboardHost.StartAsync(new HostSettings
        {
            Environment = "Development",
            Map = app => app.MapSomething().RequireAuthorization(),
            Dashboard = o => o.OperatePolicy = "opertaors",
        }));

        Assert.Contains("opertaors", error.Message);
        Assert.Contains("OperatePolicy", error.Message);
    }

    [Fact]
    public async Task Without_its_services_the_mapping_says_what_to_call()
    {
        await using var app = WebApplication.CreateSlimBuilder().Build();

        Assert.Contains("AddOutboxDashboard()", Assert.Throws<InvalidOperationException>(() => app.MapSomething()).Message);
    }

    private static async Task<IHost> StartupHostAsync(HostSettings settings, bool protect)
    {
        var servers = await TestServers.GetAsync();
        Assert.NotNull(servers);
        return new HostBuilder()
            .ConfigureLogging(logging => logging.SetMinimumLevel(LogLevel.None))
            .ConfigureServices(services =>
            {
                services.AddRouting();
                TestAuthentication.Add(services);
                DashboardHost.AddOutboxAsync(services, settings).GetAwaiter().GetResult();
                services.AddOutboxDashboard(settings.Dashboard);
            })
            .ConfigureWebHost(web => web.UseKestrel().UseUrls("http://127.0.0.1:0").Configure(app =>
            {
                app.UseRouting();
                app.UseAuthentication();
                app.UseAuthorization();
                app.UseEndpoints(endpoints =>
                {
                    var group = endpoints.MapSomething();
                    if (protect)
                    {
                        group.RequireAuthorization();
                    }
                });
            }))
            .Build();
    }
}
