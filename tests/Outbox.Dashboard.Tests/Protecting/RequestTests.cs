using Microsoft.AspNetCore.Builder;
using Outbox.Dashboard.Tests.Hosting;

namespace Outbox.Dashboard.Tests.Protecting;

public sealed class RequestTests
{
    private static readonly HostSettings Engineers = new() { Map = app => app.MapSomething().RequireAuthorization("engineers") };

    public static TheoryData<string, string, int> Sites => new()
    {
        { "Sec-Fetch-Site", "cross-site", 403 },
        { "Sec-Fetch-Site", "same-site", 403 },
        { "Sec-Fetch-Site", "nonsense", 403 },
        { "Sec-Fetch-Site", "", 403 },
        { "Sec-Fetch-Site", "same-origin", 200 },
        { "Sec-Fetch-Site", "none", 200 },
        { "Origin", "https://evil.example", 403 },
        { "Origin", "null", 403 },
        { "Origin", "http://127.0.0.1", 403 },
        { "Origin", "{server}", 200 },
        { "X-Nothing", "a program", 200 },
    };

    [Theory]
    [MemberData(nameof(Sites))]
    public async Task What_changes_something_comes_from_our_own_pages_or_from_a_program(string header, string value, int status)
    {
        await using var host = await DashboardHost.StartAsync(Engineers);
        using var request = new HttpRequestMessage(HttpMethod.Post, "thing/act");
        request.Headers.TryAddWithoutValidation(header, value.Replace("{server}", host.Server.GetLeftPart(UriPartial.Authority)));

        var answer = await host.Client(Person.Operator).SendAsync(request);

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(status == 200 ? "done" : "\"crossSite\"", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task What_a_page_of_somebody_else_only_links_to_is_shown()
    {
        await using var host = await DashboardHost.StartAsync(Engineers);
        using var request = new HttpRequestMessage(HttpMethod.Get, "thing/see");
        request.Headers.Add("Sec-Fetch-Site", "cross-site");

        Assert.Equal(200, (int)(await host.Client(Person.Reader).SendAsync(request)).StatusCode);
    }

    public static TheoryData<string> Answers => ["GET thing/see", "GET thing/payload", "POST thing/act"];

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task Every_answer_says_that_it_is_not_framed_cached_guessed_or_run_also_a_refusal(string what)
    {
        await using var host = await DashboardHost.StartAsync(Engineers);
        using var request = new HttpRequestMessage(new HttpMethod(what.Split(' ')[0]), what.Split(' ')[1]);

        var answer = await host.Client(Person.Reader).SendAsync(request);

        Assert.Equal(what == "GET thing/see" ? 200 : 403, (int)answer.StatusCode);
        Assert.Contains("frame-ancestors 'none'", answer.Headers.GetValues("Content-Security-Policy").Single());
        Assert.Contains("default-src 'none'", answer.Headers.GetValues("Content-Security-Policy").Single());
        Assert.Equal("DENY", answer.Headers.GetValues("X-Frame-Options").Single());
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.True(answer.Headers.CacheControl!.NoStore);
    }

    [Fact]
    public async Task The_roles_are_the_capabilities_each_for_itself()
    {
        await using var host = await DashboardHost.StartAsync(Engineers);

        Assert.Equal("401 401 401 401", await TryAsync(host, null));
        Assert.Equal("403 403 403 403", await TryAsync(host, Person.Stranger));
        Assert.Equal("200 403 403 403", await TryAsync(host, Person.Reader));
        Assert.Equal("200 200 403 403", await TryAsync(host, Person.Inspector));
        Assert.Equal("200 403 200 403", await TryAsync(host, Person.Operator));
        Assert.Equal("200 200 200 200", await TryAsync(host, Person.Destroyer));
        Assert.Equal("403 403 403 403", await TryAsync(host, new Person("who may not read", "payload", "operator", "destroyer")));
    }

    [Theory]
    [InlineData("ada", "ada|Authenticated|test")]
    [InlineData("", "a person without a name|Authenticated|test")]
    public async Task The_audit_is_told_who_acts_as_the_host_knows_him(string name, string expected)
    {
        await using var host = await DashboardHost.StartAsync(Engineers);

        Assert.Equal(expected, await host.Client(new Person(name, "reader")).GetStringAsync("thing/who"));
    }

    [Fact]
    public async Task Whom_nobody_has_authenticated_is_anonymous_and_claimed()
    {
        await using var host = await DashboardHost.StartAsync(new HostSettings { Map = app => app.MapSomething().AllowAnonymous(), Dashboard = _ => { } });

        Assert.Equal("anonymous (claimed)|Claimed|test", await host.Client().GetStringAsync("thing/who"));
    }

    [Fact]
    public async Task A_cookie_names_the_person_under_a_path_base_too()
    {
        await using var host = await DashboardHost.StartAsync(new HostSettings { PathBase = "/shop", Map = app => app.MapSomething().RequireAuthorization("engineers") });
        var client = host.Client();
        client.DefaultRequestHeaders.Add("Cookie", $"{Person.Cookie}={Person.Reader}");

        Assert.Equal("rita|Authenticated|test", await client.GetStringAsync("thing/who"));
    }

    private static async Task<string> TryAsync(DashboardHost host, Person? person)
    {
        var client = host.Client(person);
        var answers = new[] { await client.GetAsync("thing/see"), await client.GetAsync("thing/payload"), await client.PostAsync("thing/act", null), await client.PostAsync("thing/destroy", null) };
        return string.Join(' ', answers.Select(answer => (int)answer.StatusCode));
    }
}
