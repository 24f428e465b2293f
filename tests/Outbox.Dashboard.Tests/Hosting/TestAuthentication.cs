using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Outbox.Dashboard.Tests.Hosting;

/// <summary>Believes what a header says of the person, or a cookie, as a browser sends it.</summary>
internal sealed class TestAuthentication(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "Test";

    public static void Add(IServiceCollection services)
    {
        services.AddAuthentication(SchemeName).AddScheme<AuthenticationSchemeOptions, TestAuthentication>(SchemeName, null);
        var authorization = services.AddAuthorizationBuilder().AddPolicy("engineers", p => p.RequireAuthenticatedUser());
        foreach (var role in new[] { "reader", "payload", "operator", "destroyer" })
        {
            authorization.AddPolicy(role, p => p.RequireRole(role));
        }
    }

    /// <summary>A policy for each capability.</summary>
    public static void Policies(OutboxDashboardOptions options) =>
        (options.ReadPolicy, options.PayloadPolicy, options.OperatePolicy, options.DestroyPolicy) = ("reader", "payload", "operator", "destroyer");

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var said = Request.Headers[Person.Header].FirstOrDefault() ?? Request.Cookies[Person.Cookie];
        if (said is null)
        {
            return Task.FromResult(AuthenticateResult.NoResult());
        }

        var person = Person.Parse(said);
        var claims = person.Roles.Select(role => new Claim(ClaimTypes.Role, role)).Concat(person.Name.Length > 0 ? [new Claim(ClaimTypes.Name, person.Name)] : Array.Empty<Claim>());
        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity(claims, SchemeName)), SchemeName)));
    }
}
