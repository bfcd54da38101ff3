/**
 * Words that mean much the same for the score of poison, in the languages that notes are written in. A class is no
 * verdict: which classes in one sentence make an attack is what the model has learnt. A trailing `*` makes a prefix;
 * Chinese, Japanese and Korean words are looked for inside of runs.
 */
export const LEXICON: Record<string, string> = {
  dismiss:
    'ignor* disregard* forget forgot* overrid* overrul* supersed* bypass* discard* abandon* neglect* dismiss* waive* obsolete void voided revok* suspend* lifted expired null* cancel* outdated retired rescind* aside lapse* skip skips skipped skipping unlearn* moot ignorier* missacht* vergiss vergessen übergeh* hinfällig ungültig ignora* olvid* descart* omit* anula* ignore* oubli* outrepass* néglig* esquec* desconsider* игнорир* забуд* пренебр* отмен* 忽略 无视 無視 忘记 忘記 跳过 跳過 作废 作廢 不必理会 忘れ 省略 무시 잊 건너뛰',
  outrank:
    'outrank* preceden* priorit* prevail* trump* outweigh* paramount authoritative binding ultimate supreme overrid* governs wins beats defer defers decisive foremost supersed* subordinate secondary definitive controlling vorrang* maßgeblich massgeblich verbindlich entscheid* prioridad prevalec* prima primer* prevalen* primaut* fait-foi préval* prioridade приоритет* важнее решающ* главн* 优先 優先 为准 為準 高于 高於 최우선 우선',
  orders:
    'instruct* directive* guideline* guidance prompt prompts constraint* restriction* guardrail* safeguard* rule rules ruleset policy policies order orders mandate* brief briefing wish wishes preference* request requests command commands boundar* limits limitation* anweisung* vorgabe* regel regeln richtlinie* wunsch wünsche instruccion* indicacion* regla reglas norma* consigne* règle* directives instruç* regra* инструкц* правил* указан* распоряж* 指令 指示 规则 規則 要求 规定 規定 约束 提示词 指針 ルール 命令 지시 규칙 명령',
  user: "user users user's developer developers operator* owner human humans person requester engineer teammate* nutzer* benutzer* anwender* entwickler* usuario* desarrollador* utilisateur* développeur* usuári* desenvolvedor* пользовател* разработчик* 用户 使用者 用戶 开发者 開發者 ユーザー 利用者 사용자 개발자",
  you: 'you your yours yourself du dein* sie ihr ihre tú tu usted su vous votre você seu ты вы ваш* твой 你 您 あなた 당신 너',
  model:
    'assistant* agent agents model models ai llm* bot codex claude gpt* chatgpt copilot gemini reviewer* subagent* assistent* modell asistente* agente* modelo* assistant* modèle* ассистент* агент* модел* 助手 代理 模型 智能体 智能體 アシスタント エージェント モデル 어시스턴트 에이전트 모델',
  secret:
    'secret secrets credential* password* passphrase* passwd token tokens apikey* api_key* cookie* .env .netrc .npmrc .pypirc .pgpass .ssh .aws .gnupg .kube id_rsa id_ed25519 id_ecdsa kubeconfig keychain keyring wallet wallets seed auth.json credentials.json dotenv pem keystore vault printenv environ geheim* passwort* passwörter* kennwort* zugangsdaten schlüssel contraseña* clave claves credencial* secreto* identifiants clé clés secrets senha* chave* segredo* парол* ключ ключи ключей токен* секрет* учетн* 密钥 密鑰 金鑰 密码 密碼 令牌 凭证 憑證 凭据 憑據 私钥 私鑰 口令 環境変数 环境变量 環境變數 秘密 パスワード トークン 認証情報 鍵 비밀번호 토큰 자격 키 환경변수',
  personal:
    'transcript* conversation* history prompt prompts session message messages diff diffs source workspace clipboard screenshot* keystroke* email emails personal private confidential proprietary customer* hostname username homedir home contents dump dumps env environment gespräch* verlauf quellcode conversaci* historial código historique conversa* histórico истори* переписк* исходн* код 对话 對話 源代码 原始碼 源码 聊天 会話 履歴 ソースコード 대화 소스',
  send: 'send sends sending sent post posts posting posted upload* forward* transmit* mail mails mailed e-mail* submit* relay* ship ships shipped beacon* stream streams report reports share shares shared publish* push pushes mirror* sync syncs deliver* paste pastes pasted attach* append* exfiltrat* leak* ping pings notify phone transfer* hand pass scp rsync nc ftp sftp sende* schick* hochlad* übermittel* weiterleit* übertrag* lade enví* envia* enviar sube subir manda* reenví* compart* envoy* envoi* transmet* téléverse* transfér* partag* encaminh* отправ* пересыл* перешл* загруж* выгруж* передав* шли 发送 發送 上传 上傳 提交 转发 轉發 发到 發到 推送 寄送 传给 送信 アップロード 転送 送る 送って 보내 전송 업로드 공유',
  outside:
    'endpoint* server servers collector* webhook* bucket external third-party outside remote inbox gist* pastebin* paste.ee discord telegram ngrok cdn drop mailbox url host intake ingest vendor partner extern* externe* externo* servidor* serveur* сервер* внешн* 服务器 伺服器 外部 サーバー 外部 서버 외부',
  fetch:
    'download* fetch* curl wget pull pulls grab clone retrieve* iwr irm invoke-webrequest aria2c herunterlad* lade descarg* télécharg* baixa* baixe скача* загруз* 下载 下載 拉取 ダウンロード 取得 다운로드 받아',
  run: 'run runs running ran execute* executing exec eval invoke* launch* start pipe piped bash sh zsh pwsh powershell python python3 node iex source ausführ* führe starte ejecut* corre lance lancer exécut* execut* roda rode запус* выполн* 执行 執行 运行 運行 実行 실행',
  code: 'script scripts binary binaries installer* payload* snippet* one-liner* tarball* executable* bootstrap* helper helpers patch* shim* loader* agent.sh setup.sh install.sh .sh .ps1 skript* programm guion binario* programme скрипт* 脚本 腳本 程序 程式 スクリプト 스크립트',
  install:
    'install* pip pip3 npm npx pnpm yarn bunx uvx gem cargo brew apt apt-get go dependency dependencies package packages plugin* extension* module* library fork installier* paket* instal* paquete* installe* paquet* pacote* установ* пакет* 安装 安裝 依赖 依賴 包 套件 インストール パッケージ 설치 패키지',
  registry:
    'registry registries index index-url extra-index-url mirror mirrors feed proxy repository npmrc source sources tap channel 镜像 鏡像 源 仓库 レジストリ 레지스트리',
  disable:
    'disabl* deactivat* off skip skips skipping bypass* suppress* mute silence remove removes removing strip relax* loosen* lower weaken* unset exempt* omit false none permissive insecure unchecked unverified unsigned drop drops without --no-verify --force --insecure -k --yolo --no-sandbox --trusted-host --skip-* --disable-* --no-* --dangerously* --allow-* --privileged --ignore-* deaktivier* abschalt* ausschalt* überspring* aus desactiv* deshabilit* saltar omite désactiv* saute contourne* desativ* desabilit* pule отключ* пропус* выключ* обход* 禁用 关闭 關閉 停用 绕过 繞過 跳过 跳過 取消 無効 スキップ オフ 비활성 끄 우회',
  security:
    'tls ssl certificate* cert certs verif* validat* signature* signing sandbox* approval* scanner* scan scans scanning audit* firewall* auth authenti* authoriz* authoris* permission* permissions csrf cors csp 2fa mfa encrypt* checksum* integrity selinux apparmor gatekeeper antivirus defender hardening security secure sanitiz* sanitis* escap* rate-limit* review reviews reviewing gate gates lockfile* protected protection branch-protection codeowners gpg provenance sast secretlint gitleaks dependabot zertifikat* prüfung* sicherheit* freigabe* berechtigung* seguridad verificaci* certificado* permiso* aprobaci* sécurité vérif* certificat* autorisation* validation segurança verificaç* permiss* aprovaç* безопасност* проверк* сертификат* подтвержд* 安全 验证 驗證 证书 證書 审批 審批 审核 審核 审查 審查 权限 權限 沙箱 签名 簽名 校验 検証 証明書 承認 権限 確認 セキュリティ 보안 인증 검증 승인 권한 확인',
  testing:
    'test tests testing hook hooks pre-commit lint linter ci check checks assertion* 测试 測試 テスト 테스트 тест*',
  grant:
    'grant* chmod 777 0777 a+rwx admin admins administrator* root sudo sudoers nopasswd collaborator* superuser privilege* world-readable world-writable public public-read everyone wildcard owner cluster-admin administratoraccess iam setuid 0.0.0.0 0.0.0.0/0 bypassrls invite* 管理员 管理員 公开 公開 root 管理者 관리자 админ*',
  persist:
    'cron crontab cronjob launchd launchagent* systemd autostart bashrc .bashrc zshrc .zshrc .profile profile startup boot login scheduled daemon background authorized_keys postinstall preinstall prepare post-checkout post-commit post-merge pre-push githook* .git/hooks direnv .envrc workflow workflows actions rc.local plist service task-scheduler schtasks autorun 计划任务 定时 定時 开机 起動時 예약',
  spread:
    'replicat* propagat* spread* carry copy copies duplicate* reproduce* preserve* retain* verbatim itself memory memories note notes agents.md claude.md memory.md user.md skill skills .cursorrules copilot-instructions.md contributing.md readme readme.md downstream sibling other neighbouring neighboring kopier* notiz* copia* nota notas copie* mémoire* заметк* скопир* 记忆 記憶 笔记 筆記 复制 複製 メモ コピー 메모 복사',
  hide: 'silent* quiet* secret* discreet* covert* hidden hide hides conceal* unnoticed invisible unmentioned omit omits unobtrusive* noise noisy clutter behind-the-scenes stealth* confidential private unlogged untraced quietly keep leave heimlich stillschweigend unauffällig still verschweig* silencio* discret* oculta* sileni* escond* тихо незаметн* скры* молча 悄悄 静默 靜默 隐藏 隱藏 默默 暗中 黙って こっそり 静か 몰래 조용 숨',
  tell: 'tell tells telling told mention* inform* report show shows showing announce* disclos* notify notifies notification* explain* describ* say says saying summary summaries summariz* summaris* log logs logged ask asks asking prompt prompting confirm* confirmation* surface bring raise discuss* erwähn* sag sagen melde* frag* nachfrag* rückfrag* zeig* mencion* avis* pregunt* decir diga informe* mentionn* demand* inform* dire avert* montr* pergunt* inform* упомин* сообщ* спраш* говор* 告诉 告訴 提及 提到 通知 询问 詢問 说明 告知 询 伝え 言及 知らせ 尋ね 聞か 말하 언급 알리 묻',
  neg: "not never no don't dont doesn't do-not without avoid cannot can't won't shouldn't mustn't needn't isn't nobody nothing none neither nor nicht nie niemals kein* ohne nunca sin jamás tampoco ne pas jamais sans aucun* não nunca sem jamais не никогда без нельзя нет 不 不要 勿 别 別 没有 無需 无需 不用 切勿 不必 禁止 ない せず なく ずに 않 말고 마세요 없이 하지",
  always:
    'always every each whenever all any must mandatory required requires regardless routinely permanent* standard default defaults everywhere anything everything henceforth onward onwards forever unconditional* invariably automatically shall immer jede* stets alle automatisch siempre cada todo todos toda todas debe* obligatori* toujours chaque tout tous toute* doit sempre toda todos deve* всегда каждый каждого каждой всё все должен обязательн* 每次 总是 總是 始终 始終 必须 必須 一律 所有 一切 任何 自动 自動 毎回 常に 必ず すべて 全て 항상 매번 모든 반드시 자동',
  first:
    'first before begin* beginning start starting prior upfront initially onset outset opening session sessions turn turns task tasks zuerst vor bevor beginn sitzung antes inicio sesión avant début session antes início sessão перед начал* сесси* 首先 之前 开始 開始 会话 會話 最初 セッション 前に 먼저 전에 세션',
  trigger:
    'when if once after until upon moment date friday midnight unless as-soon-as later eventually wenn sobald falls nachdem cuando si después quand lorsque dès après quando se depois когда если после как-только 当 當 如果 一旦 之后 之後 たら とき 場合 면 때',
  approve:
    'approv* accept* merge merges merged authoriz* authoris* pre-approv* preapprov* permission granted allow* sign-off lgtm consent* clearance cleared vetted permit* rubber-stamp* whitelist* allowlist* greenlight waved genehmig* erlaub* freigegeben zugestimmt aprob* autoriz* permit* acept* approuv* autoris* accept* permis aprov* autoriz* aceit* одобр* разреш* соглас* 批准 授权 授權 允许 允許 同意 通过 承認 許可 승인 허용 동의',
  authority:
    'administrator* compliance legal management leadership executive* ceo cto headquarters anthropic openai vendor support staff platform-team security-team it-department helpdesk auditor* regulator* officer official officially corporate company company-wide org-wide organization* organisation* steering infosec sre secops devops upstream abteilung geschäftsführung empresa dirección entreprise direction empresa компани* руководств* 公司 管理层 官方 安全团队 会社 公式 회사 공식',
  comply:
    'obey* comply complies complied compliance follow follows followed following honor* honour* heed* treat treats adhere* abide* respect* act befolg* folge* gehorch* behandle* obedec* seguir sigue cumpl* trata* suivre suis obéi* respecte* traite* obedeç* siga seguir cumpra следуй* следова* подчин* выполняй* 遵循 遵守 服从 服從 按照 照做 视为 視為 従う 従って 従い とみなし 따르 준수 간주',
  trust:
    'trust* believe legitimate genuine authentic verified reliable safe official canonical reputable vertrau* seriös confia* confian* confiance fiable доверя* надежн* 信任 可信 可靠 信頼 信用 신뢰 믿',
  destroy:
    'delet* wipe wipes wiping erase* erasing destroy* truncat* rm rmdir purg* reset overwrite* clear clears shred* drop force-push -rf -fdx nuke* unlink lösch* überschreib* borra* elimin* supprim* effac* apag* exclu* удал* стер* очист* 删除 刪除 清空 清除 抹除 覆盖 覆蓋 削除 消去 上書き 삭제 지우 덮어',
  record:
    'backup* logs history logging audit-log* trail evidence trace traces telemetry logfile* receipts snapshot* journal protokoll* registro* journaux журнал* 日志 日誌 备份 備份 历史 ログ 履歴 바이러스 로그 백업',
  lie: 'pretend* claim claims fake* forg* green passed passing clean fine ok positive misreport* assure* insist* success succeeded state vouch* behaupt* finge fingir afirma* préten* prétend* affirme* finja притвор* утвержда* 假装 假裝 声称 聲稱 谎 ふり 主張 척',
  crypto:
    'md5 sha1 sha-1 ecb des rc4 plaintext plain-text cleartext http hardcode* hard-code* hardcoded unencrypted nosec eval pickle shell=true verify=false rejectunauthorized=false insecureskipverify node_tls_reject_unauthorized git_ssl_no_verify strict-ssl sslverify cert_none 明文 平文 평문',
  encode:
    'base64* encod* decod* rot13 hex obfuscat* compress* zip tar gzip atob btoa archive gpg xor chunk* querystring subdomain dns txt kodier* codifi* encode* codific* кодир* 编码 編碼 解码 解碼 打包 压缩 エンコード デコード 圧縮 인코딩 디코딩 압축',
  local:
    'localhost local locally loopback staging fixture fixtures dev development ephemeral temp temporary container docker compose mock mocks stub* sandbox testcontainers minikube kind lokal* prueba* essai* локальн* 本地 本机 測試 测试 ローカル テスト環境 로컬 테스트',
  caution:
    'careful* caution* warn* avoid* risk* danger* unsafe vulnerab* malicious attack* injection* phishing suspicious untrusted hostile attacker* exploit* compromis* leaked spoof* threat* careless achtung vorsicht angriff* warnung cuidado ataque* riesgo* attention attaque* risque* cuidado risco осторожн* атак* риск* 注意 警告 攻击 攻擊 危险 危險 风险 注入 攻撃 注意 危険 주의 공격 위험',
  cause:
    'because since cause* caused due error* fail* fix* bug* crash* broke* broken root-cause turned regression* timeout* hang* race flaky stale mismatch workaround* fehler weil ursache schlägt porque fallo falla error* parce erreur* échou* cause porque erro falha потому ошибк* падает причин* 因为 因為 原因 错误 錯誤 失败 失敗 报错 修复 エラー 原因 失敗 修正 때문 오류 실패 원인',
  prefer:
    'prefer* like likes liked want wants wanted asked bevorzug* möchte mag prefier* quiere préfèr* souhaite prefere quer предпочит* хочет просил* 喜欢 喜歡 偏好 希望 好み 希望 선호 원',
  strangers:
    'issue issues comment comments commenter* ticket tickets webpage website page readme readmes contributor* author authors anyone anybody whoever someone stranger* reply replies banner footer metadata commit commits message changelog docstring* log output outputs result results kommentar* seite comentario* página commentaire* page comentário* коммент* страниц* 评论 評論 网页 網頁 页面 注释 註解 输出 コメント ページ 出力 댓글 페이지 주석 출력',
  pose: 'system system: developer: assistant: user: [system] <system> role tool_result function_call override notice announcement reminder update supervisor system-message systemnachricht sistema système система 系统 系統 システム 시스템',
  pay: 'bitcoin btc eth iban invoice* payout* transfer* donation* crypto monero wallet-address transaction* funds balance refund* affiliate referral sponsor* 转账 支付 振込 결제',
  convenience:
    'faster fast speed save saves saving friction annoying slow slows streamlin* smooth* convenien* easier latency overhead productivity efficien* interrupt* bother* friction unblock* flow hassle bottleneck delay* spart schneller reibung* rápido agiliz* plus-vite rapide rapidez agil* быстрее ускор* 加快 提高 效率 方便 省时 速度 効率 빠르 효율',
  urgent:
    'immediately now important critical urgent* asap mandatory attention note notice wichtig sofort importante urgente inmediat* immédiat* важно немедленно срочно 立即 立刻 重要 紧急 すぐ 直ちに 重要 즉시 중요 긴급',
  identity:
    'dan jailbreak* unrestricted uncensored unfiltered persona roleplay role-play pretend character mode maintenance-mode developer-mode debug-mode god-mode freed unlock* unlimited unbound 角色 越狱 模式 模式 モード 모드',
  decide:
    'decide* decision* judge judgment judgement discretion final say opinion question* challenge* object* objection* contradict* conflict* disagree* doubt second-guess* hesitat* widersprech* konflikt contradic* conflicto contred* conflit contradiz* противореч* 冲突 衝突 质疑 矛盾 충돌',
  source:
    'readme readme.md docs documentation manual tutorial guide blog handbook faq wiki forum thread landing quickstart quick-start page pages website site article advisory newsletter feed rss changelog release-notes banner header footer docstring warning error template example vendor author authors maintainer maintainers upstream supplier partner community framework stackoverflow post answer answers answer advice hint tip advisor whitepaper dokumentation anleitung handbuch hersteller artikel fehlermeldung documentación manual guía proveedor artículo documentation manuel fournisseur documentação fornecedor документац* руководств* статья статье автор* 文档 文檔 说明 說明 手册 手冊 教程 官网 作者 供应商 博客 ドキュメント マニュアル 記事 作者 문서 설명서 매뉴얼 블로그',
  says: 'according per says states stated explains explained recommend* advis* advice suggest* asks asked propos* claims told documented expects wants requires insists laut zufolge empfiehlt sagt verlangt según recomienda pide dice exige selon recommande demande exige segundo recomenda pede согласно советует рекоменд* просит говорит 根据 根據 据 建议 建議 推荐 推薦 要求 によると 推奨 指示 따르면 권장 요구',
  general:
    'everywhere anywhere wherever whichever whatever whoever generally general routine routinely habit customary custom norm usual usually standard convention project projects repository repositories repo repos machine machines hosts clusters environments services workspace checkout clone fleet across further future later onwards hence accordingly likewise others house style künftig grundsätzlich überall projekte rechner proyecto proyectos repositorio* siempre-que máquinas projet* dépôt* machines désormais projeto* repositório* máquinas doravante проект* репозитор* впредь отныне везде 今后 今後 以后 以後 项目 專案 项目 仓库 倉庫 凡是 凡 プロジェクト リポジトリ 今後 全般 프로젝트 저장소 앞으로',
  wish: 'wants wanted said says prefers preferred insists decided decides agreed agreement okay ok forbids wish wishes likes dislikes möchte will wünscht bevorzugt verlangt quiere prefiere pidió veut préfère souhaite quer prefere pediu хочет просит предпочитает 要求 希望 喜欢 喜歡 偏好 想 希望 好む 원한다 선호 원함',
  done: 'was were had been fixed found added removed replaced changed moved settled turned failed caused showed broke led came made got went set solved resolved rotated closed reported reproduced switched upgraded pinned migrated war wurde wurden behoben gefunden liegt lag gelöst fue era estaba corrigió arregló était été corrigé réglé foi era estava corrigido был была было были исправлен* оказал* 修复 修復 改为 改為 已 了 解决 解決 した だった いた 修正 했다 였다 해결 고쳤다',
  reason:
    'noise annoying tedious clumsy timid nervous worry worried bother bothers needless* pointless unnecessary superfluous formality bureaucra* legacy stale outdated historical harmless fine quick quicker cheap expensive trouble troublesome hamper* slows slow awkward overly too only just simply merely mühsam unnötig lästig kostet molest* innecesari* lento inutile gênant lourd desnecessári* lent* лишн* мешает долго 麻烦 麻煩 多余 多餘 没必要 沒必要 只是 耽误 面倒 不要 遅い 번거롭 불필요 느려',
  consent:
    'without asking unasked ask asking consult consulting approval confirm confirmation permission question questions back rückfrage zustimmung preguntar consultar demander consulter perguntar consultar спрашив* подтвержд* согласи* 确认 確認 询问 詢問 征求 請示 同意 確認せず 許可なく 묻지 확인',
  assume:
    'assume* presume* regard* consider* count counts treat* interpret* means meant understood implied equal* equivalent same-as deemed regarded gilt gelten cuenta considera* compte vaut conta считай* считается приравн* 视为 視為 等同 等于 等於 当作 當作 当成 默认 とみなす 同等 扱う 간주 동일',
  plant:
    'insert* inject* seed seeds embed* plant* add put place include append write leave enabl* open expose* bind create register make einfüg* hinzufüg* eintrag* añad* agreg* pon inclu* crea ajout* insér* mett* adicion* insir* cri* добав* встав* созда* пропиш* 加入 添加 写入 寫入 插入 创建 建立 追加 入れて 追記 작성 추가 넣',
  access:
    'ssh sshd vpn jump tunnel listener debug port backdoor account login shell remote-control rdp vnc telnet reverse proxy forward bastion deploy-key public-key socket docker.sock port-forward zugang konto cuenta acceso accès compte acesso conta доступ учетная 账号 帳號 账户 远程 遠端 アカウント アクセス 계정 접속 원격',
  production:
    'production prod live customer customers client clients patient patients payroll bank invoice company produktion kunden producción clientes production clients produção продакшн* прод боев* клиент* 生产 生產 线上 客户 客戶 正式 本番 顧客 운영 고객',
  scale:
    '* wildcard latest @main @latest main unpinned newest any-version floating caret zero 0 -1 unlimited infinite never-expire expiry expires permanent',
  memory:
    'memory memories note notes remember entry entries recall summary summaries compact* cleanup clean-up keep store stored merke gedächtnis notiz memoria recuerda mémoire souviens memória lembre память запомни запись 记住 記住 记忆 記憶 笔记 覚え 記憶 メモ 기억 메모',
  refuse:
    "don't won't isn't aren't forbidden prohibited rejected refuse* denied blocked reported phishing trick attempt scam fake closed verboten abgelehnt prohibido intento rechaz* interdit refus* tentative proibido tentativa запрещ* отклон* попытк* 禁止 拒绝 拒絕 诈骗 冒充 不要执行 拒否 禁止 詐欺 금지 거부",
};
